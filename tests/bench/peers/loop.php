<?php
/*
 * loop: the fan-out as a PHP site writes it: one loop around stream_select, one fwrite a reader.
 *
 *   php loop.php REDIS.sock CHANNEL LISTEN.sock
 *
 * The subscription is a stream among the others, since the one of php-redis would block the loop.
 * select() knows no descriptors beyond 1,023.
 */
[, $redis, $channel, $listen] = $argv;
$server = stream_socket_server("unix://$listen", $_, $why) ?: exit("$why\n");
$feed = stream_socket_client("unix://$redis", $_, $why) ?: exit("$why\n");
fwrite($feed, "SUBSCRIBE $channel\r\n");

$readers = [];
$pending = '';

function frame(string $text): string
{
    $bytes = strlen($text);
    return "\x81" . ($bytes < 126 ? chr($bytes) : "\x7e" . pack('n', $bytes)) . $text;
}

function upgrade($socket): bool
{
    $request = (string) fread($socket, 8192);
    if (!preg_match('/^Sec-WebSocket-Key: (\S+)/mi', $request, $found)) {
        return false;
    }
    $accept = base64_encode(sha1("{$found[1]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11", true));
    fwrite($socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        . "Connection: Upgrade\r\nSec-WebSocket-Accept: $accept\r\n\r\n");
    return true;
}

/* Takes whole publications from the front of what Redis has sent. */
function publications(string &$pending): array
{
    $texts = [];
    while (preg_match('/\G\*3\r\n\$\d+\r\n(\w+)\r\n\$\d+\r\n\S+\r\n(?::\d+|\$(\d+))\r\n/', $pending, $found)) {
        $from = strlen($found[0]);
        $bytes = (int) ($found[2] ?? -2);
        if (strlen($pending) < $from + $bytes + 2) {
            break;
        }
        if ($found[1] === 'message') {
            $texts[] = substr($pending, $from, $bytes);
        }
        $pending = substr($pending, $from + $bytes + 2);
    }
    return $texts;
}

for (;;) {
    $readable = [$server, $feed, ...array_values($readers)];
    $none = null;
    stream_select($readable, $none, $none, null);
    foreach ($readable as $socket) {
        if ($socket === $feed) {
            $pending .= fread($feed, 65536);
            foreach (publications($pending) as $text) {
                $wire = frame($text);
                foreach ($readers as $reader) {
                    @fwrite($reader, $wire);
                }
            }
        } elseif ($socket === $server) {
            $socket = stream_socket_accept($server);
            if (upgrade($socket)) {
                $readers[(int) $socket] = $socket;
            }
        } elseif (fread($socket, 8192) === '') {
            unset($readers[(int) $socket]);
            fclose($socket);
        }
    }
}
