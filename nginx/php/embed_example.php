<?php
/*
 * embed_example: a page of a PHP shop with the chat in it, as a bubble; see README.md, "In your own page".
 *
 * The chat is on a host of its own, and no cookie passes between the two: the page hands the chat
 * a token that says who its visitor is, and ?token gives another when that session is over. Here
 * everybody is a visitor; in yours, $_SESSION['user'] is what your own login has put there. nginx
 * passes the two settings (fastcgi_param).
 */
require __DIR__ . '/stonechat.php';

session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
$_SESSION['user'] ??= ['id' => bin2hex(random_bytes(8)), 'name' => 'Visitor ' . random_int(1000, 9999)];

$chat = new Stonechat(['url' => $_SERVER['STONECHAT_URL'], 'key' => $_SERVER['STONECHAT_KEY']]);

header('Cache-Control: no-store');
if (isset($_GET['token'])) {
    // The cookie of this site's session comes from its own pages only (SameSite), and no other
    // site may read what is answered here: there is no Access-Control-Allow-Origin. To a page of a
    // neighbour (another host of the same domain) the cookie would come, too; it may not have
    // this as a script either, which a token could be taken for.
    header('Content-Type: text/plain; charset=utf-8');
    header('X-Content-Type-Options: nosniff');
    header('Cross-Origin-Resource-Policy: same-origin');
    exit($chat->token($_SESSION['user']));
}

$words = [
    'en' => ['en', 'The Kettle Shop', 'Kettles of copper and of steel. Ask us anything, at the lower right.'],
    'zh' => ['zh-CN', '水壶小店', '铜壶、钢壶，应有尽有。有问题请点右下角。'],
];
$language = strncasecmp($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '', 'zh', 2) === 0 ? 'zh' : 'en';
[$tag, $title, $text] = $words[$language];

header('Content-Type: text/html; charset=utf-8');
?>
<!doctype html>
<html lang="<?= $tag ?>">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><?= $title ?></title>
<h1><?= $title ?></h1>
<p><?= $text ?></p>
<script src="<?= htmlspecialchars($_SERVER['STONECHAT_URL']) ?>/embed.js" async
        data-room="lobby" data-token-url="?token"
        data-token="<?= htmlspecialchars($chat->token($_SESSION['user'])) ?>"></script>
</html>
