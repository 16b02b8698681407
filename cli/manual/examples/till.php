<?php
// till.php SALE.json - prints a receipt and acts on what became of it.
function print_receipt(string $sale): array {
    for ($i = 0; $i < 3; $i++) {                  // no answer: kwit was killed; the same id again is safe
        $call = @proc_open(['kwit', 'print', '--json', '-'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
        if (!$call) throw new RuntimeException('kwit is not installed');
        fwrite($pipes[0], $sale);
        fclose($pipes[0]);
        $line = stream_get_contents($pipes[1]);
        fclose($pipes[1]);
        $exit = proc_close($call);
        if ($exit === 127) throw new RuntimeException('kwit is not installed');   // said so late where PHP forks
        if ($line) return json_decode($line, true);
    }
    throw new RuntimeException('kwit gives no answer');
}

$sale = file_get_contents($argv[1]);
$id = json_decode($sale, true)['id'];
$answer = print_receipt($sale);
switch ($answer['outcome']) {
case 'printed': case 'sent': case 'duplicate': echo "done: {$answer['outcome']}\n"; break;
case 'queued': case 'interrupted':
    echo "the receipt prints by itself until {$answer['expires_at']} - {$answer['message']}\n";
    break;
case 'unconfirmed':
    echo 'Did the receipt come out? [y/n] ';
    $seen = strtolower(substr(trim((string)fgets(STDIN)), 0, 1)) === 'y';
    passthru('kwit resolve ' . escapeshellarg($id) . ($seen ? ' --seen' : ' --missing'));
    break;
default: echo "kwit: {$answer['message']}\n";
}
