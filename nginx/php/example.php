<?php
/*
 * example: a page of a PHP site with Stonechat beside it, under the same host; see README.md, "For a PHP site".
 *
 * Whoever opens it is signed in to the site as a visitor; in yours, $_SESSION['user'] is what your
 * own login has put there. nginx passes the three settings (fastcgi_param).
 */
require __DIR__ . '/stonechat.php';

session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
$_SESSION['user'] ??= ['id' => bin2hex(random_bytes(8)), 'name' => 'Visitor ' . random_int(1000, 9999)];
$user = $_SESSION['user'];

$chat = new Stonechat([
    'url' => $_SERVER['STONECHAT_URL'],
    'key' => $_SERVER['STONECHAT_KEY'],
    'redis' => $_SERVER['STONECHAT_REDIS'],
]);

$words = [
    'en' => ['Signed in to the site as %s.', 'Open the chat', 'Tell everybody', 'The shop closes in ten minutes.',
        'The chat is away for the moment. Please try again.'],
    'zh' => ['您已作为“%s”登录本站。', '打开聊天', '通知所有人', '本店将在十分钟后打烊。', '聊天暂时不可用，请稍后重试。'],
];
$language = strncasecmp($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '', 'zh', 2) === 0 ? 'zh' : 'en';
[$greeting, $open, $tell, $notice, $away] = $words[$language];
$trouble = '';

try {
    if (isset($_POST['open'])) {
        $chat->setCookie($chat->signIn($user));
        header('Location: /', true, 303); // the chat's own page; nginx serves it from nginx/www
        exit;
    }
    if (isset($_POST['tell'])) {
        $chat->publish(['title' => $user['name'], 'text' => $notice]);
    }
} catch (StonechatException $exception) {
    error_log($exception->getMessage());
    http_response_code(503);
    $trouble = $away;
}

header('Content-Type: text/html; charset=utf-8');
?>
<!doctype html>
<html lang="<?= $language === 'zh' ? 'zh-CN' : 'en' ?>">
<meta charset="utf-8">
<title>Stonechat + PHP</title>
<p><?= htmlspecialchars(sprintf($greeting, $user['name'])) ?></p>
<form method="post">
  <button name="open"><?= $open ?></button>
  <button name="tell"><?= $tell ?></button>
</form>
<p role="alert"><?= $trouble ?></p>
</html>
