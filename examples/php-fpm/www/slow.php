<?php
// A page that takes eight seconds: a request that is in flight when the stop comes. A signal ends usleep early, so it counts the time itself.
$part = str_repeat("exeunt omnes\n", 10082); // some 128 KiB
header("Content-Type: text/plain");
header("Content-Length: " . 16 * strlen($part));
for ($i = 1; $i <= 16; $i++) {
	echo $part;
	flush();
	for ($next = microtime(true) + 0.5; ($left = $next - microtime(true)) > 0;) {
		usleep((int) ($left * 1e6));
	}
}
