<?php
// notify: what a PHP site does to tell everybody who is connected to Stonechat.
//
//     php notify.php /path/to/redis.sock '{"title":"New order"}'
//
// Prints how many subscribers Redis has handed it to.
$m = json_decode($argv[2], true);

$redis = new Redis();
$redis->connect($argv[1]);
echo $redis->publish('chat:message', json_encode($m)), "\n";
