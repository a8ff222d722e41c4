<?php
// post: sending a message as a PHP site does it, under php-fpm with phpredis: one script call.
$body = json_decode(file_get_contents('php://input'), true);
preg_match('/^Bearer ([a-z0-9]+)\./', $_SERVER['HTTP_AUTHORIZATION'], $found);
$marks = ['@USER@' => $found[1], '@TEXT@' => $body['text'], '@KEY@' => $body['key']];
$words = explode("\n", trim(file_get_contents($_SERVER['CALL'])));
$redis = new Redis();
$redis->pconnect($_SERVER['REDIS']);
$answer = $redis->rawCommand(...array_map(fn ($word) => strtr($word, $marks), $words));
http_response_code(201);
header('Content-Type: application/json');
echo '{"message":', $answer[1], '}';
