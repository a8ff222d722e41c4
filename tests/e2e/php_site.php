<?php
// php_site: the helper from the command line, one call of it.
//
//     php php_site.php OPTIONS METHOD [ARGUMENT...]        each but METHOD as JSON
//
// Prints what it returns, or {"thrown", "message", "code"}. With `redis` "phpredis:PATH" the helper
// gets an object of that extension.
require __DIR__ . '/../../nginx/php/stonechat.php';

[, $options, $method] = $argv;
$options = json_decode($options, true);
if (strncmp($options['redis'] ?? '', 'phpredis:', 9) === 0) {
    $path = substr($options['redis'], 9);
    $options['redis'] = new Redis();
    $options['redis']->connect($path);
}
$arguments = array_map(fn ($one) => json_decode($one, true), array_slice($argv, 3));
try {
    echo json_encode((new Stonechat($options))->$method(...$arguments));
} catch (Exception $e) {
    echo json_encode(['thrown' => get_class($e), 'message' => $e->getMessage(), 'code' => $e->getCode()]);
}
