<?php
/*
 * stonechat: signs the users of a PHP site in to Stonechat, and publishes to their screens.
 *
 *     require 'stonechat.php';
 *     $chat = new Stonechat(['url' => 'https://www.example.org', 'key' => SECRET, 'redis' => 'unix:/run/redis/redis.sock']);
 *     $chat->setCookie($chat->signIn(['id' => 17, 'name' => 'Ann Lee']));  // before any output
 *     $chat->publish(['title' => 'Order 17 is on its way']);
 *
 * To be copied as it is: one file, PHP 7.4 or later, no extension that PHP could be without.
 * example.php beside this is a whole page that uses it.
 */

final class StonechatException extends RuntimeException
{
}

final class Stonechat
{
    private const KEY_BYTES_MIN = 32;
    private const DEFAULTS = [
        'url' => '',       // where the chat is, without a path
        'key' => '',       // accounts.jwt_key, with accounts.jwt_alg = HS256
        'issuer' => '',    // accounts.jwt_issuer
        'audience' => '',  // accounts.jwt_audience
        'seconds' => 60,   // for which a token is good
        'redis' => '',     // unix:PATH, HOST:PORT, or an object with publish($channel, $text): phpredis, Predis
        'password' => '',  // of Redis, where it asks for one
        'timeout' => 3,    // seconds that the chat or Redis may take
    ];

    /** @var array */
    private $options;

    public function __construct(array $options)
    {
        $unknown = array_diff_key($options, self::DEFAULTS);
        if ($unknown) {
            throw new InvalidArgumentException('Stonechat: no such option: ' . implode(', ', array_keys($unknown)));
        }
        $this->options = $options + self::DEFAULTS;
    }

    /*
     * A token that says who somebody is, for POST /api/v1/sessions {"jwt": ...}: once, and soon.
     *
     * $user: `id`, whatever never changes about them on this site, and `name`, by which people know
     * them; `display` where that is to be shown in place of the name.
     */
    public function token(array $user): string
    {
        if (strlen($this->options['key']) < self::KEY_BYTES_MIN) {
            throw new InvalidArgumentException('Stonechat: the key has less than ' . self::KEY_BYTES_MIN . ' bytes');
        }
        $now = time();
        $claims = array_filter([
            'iss' => $this->options['issuer'],
            'aud' => $this->options['audience'],
            'sub' => (string) $user['id'],
            'name' => (string) $user['name'],
            'display' => (string) ($user['display'] ?? ''),
        ], 'strlen') + ['iat' => $now, 'exp' => $now + $this->options['seconds'], 'jti' => bin2hex(random_bytes(16))];
        $input = self::base64url(self::json(['typ' => 'JWT', 'alg' => 'HS256'])) . '.' . self::base64url(self::json($claims));
        return $input . '.' . self::base64url(hash_hmac('sha256', $input, $this->options['key'], true));
    }

    /*
     * Signs somebody in: ['token' => ..., 'session' => [...], 'user' => [...]], as the API has it.
     * They get an account at the first time. Once a login is enough: each opens one more session.
     * StonechatException, whose code is the HTTP status, where the chat refuses or is away (0).
     */
    public function signIn(array $user): array
    {
        return $this->post('/api/v1/sessions', ['jwt' => $this->token($user)]);
    }

    /*
     * Gives the session to the browser, which is signed in to the chat from then on; before any
     * output. The chat must be under the same host as this page: a cookie goes nowhere else.
     */
    public function setCookie(array $session): void
    {
        $secure = strncmp($this->options['url'], 'https://', 8) === 0;
        setcookie($secure ? '__Host-stonechat' : 'stonechat', $session['token'], [
            'expires' => intdiv($session['session']['expires_at'], 1000),
            'path' => '/',
            'secure' => $secure,
            'httponly' => true,
            'samesite' => 'Lax',
        ]);
    }

    /*
     * Shows a notice, any array with names, to everybody who is connected, and says how many daemons
     * have heard it. publishToRoom and publishToUser reach those in one room, or all devices of one
     * user, by the ids that the chat has given them.
     */
    public function publish(array $notice): int
    {
        return $this->publishOn('chat:message', $notice);
    }

    public function publishToRoom(string $room, array $notice): int
    {
        return $this->publishOn("chat:message:room:$room", $notice);
    }

    public function publishToUser(string $user, array $notice): int
    {
        return $this->publishOn("chat:message:user:$user", $notice);
    }

    private function post(string $path, array $body): array
    {
        $context = stream_context_create(['http' => [
            'method' => 'POST',
            'header' => ['Content-Type: application/json', 'Accept: application/json', 'User-Agent: ' . self::visitorsAgent()],
            'content' => self::json($body),
            'timeout' => $this->options['timeout'],
            'follow_location' => 0,
            'ignore_errors' => true, // what was refused is answered, too
        ]]);
        $text = @file_get_contents($this->options['url'] . $path, false, $context);
        if ($text === false) {
            throw new StonechatException('Stonechat is away: ' . (error_get_last()['message'] ?? 'no answer'));
        }
        $status = (int) (explode(' ', $http_response_header[0])[1] ?? 0);
        $answer = json_decode($text, true);
        if ($status !== 201 || !is_array($answer)) {
            throw new StonechatException('Stonechat refuses: ' . ($answer['code'] ?? "status $status"), $status);
        }
        return $answer;
    }

    /* So that people recognise the device in their list. */
    private static function visitorsAgent(): string
    {
        return preg_replace('/[^\x20-\x7e]/', '', $_SERVER['HTTP_USER_AGENT'] ?? 'PHP');
    }

    private function publishOn(string $channel, array $notice): int
    {
        $text = self::json((object) $notice);
        if (is_object($this->options['redis'])) {
            return (int) $this->options['redis']->publish($channel, $text);
        }
        return $this->command(['PUBLISH', $channel, $text]);
    }

    /* One command on a connection of its own, by Redis's protocol; its answer is a number. */
    private function command(array $words): int
    {
        $redis = $this->options['redis'];
        $address = strncmp($redis, 'unix:', 5) === 0 ? 'unix://' . substr($redis, 5) : "tcp://$redis";
        $stream = @stream_socket_client($address, $fault, $why, $this->options['timeout']);
        if ($stream === false) {
            throw new StonechatException("Redis is away: $why");
        }
        try {
            stream_set_timeout($stream, $this->options['timeout']);
            if ($this->options['password'] !== '') {
                self::ask($stream, ['AUTH', $this->options['password']]);
            }
            return (int) self::ask($stream, $words);
        } finally {
            fclose($stream);
        }
    }

    /* What follows the first letter of the answer. */
    private static function ask($stream, array $words): string
    {
        $text = '*' . count($words) . "\r\n";
        foreach ($words as $word) {
            $text .= '$' . strlen($word) . "\r\n$word\r\n";
        }
        for ($sent = 0; $sent < strlen($text); $sent += $count) {
            $count = @fwrite($stream, substr($text, $sent));
            if (!$count) {
                throw new StonechatException('Redis is away: the connection is lost');
            }
        }
        $line = fgets($stream);
        if ($line === false || $line[0] === '-') {
            throw new StonechatException('Redis refuses: ' . ($line === false ? 'no answer' : trim(substr($line, 1))));
        }
        return trim(substr($line, 1));
    }

    private static function json($thing): string
    {
        return json_encode($thing, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
    }

    private static function base64url(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
