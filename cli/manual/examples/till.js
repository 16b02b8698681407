// till.js SALE.json - prints a receipt and acts on what became of it.
const { spawnSync } = require('child_process');
const { readFileSync } = require('fs');

function printReceipt(sale) {
  for (let i = 0; i < 3; i++) {                   // no answer: kwit was killed; the same id again is safe
    const call = spawnSync('kwit', ['print', '--json', '-'], { input: sale, stdio: ['pipe', 'pipe', 'inherit'] });
    if (call.error && call.error.code === 'ENOENT') throw new Error('kwit is not installed');
    if (call.stdout && call.stdout.length) return JSON.parse(call.stdout);
  }
  throw new Error('kwit gives no answer');
}

const sale = readFileSync(process.argv[2]);
const answer = printReceipt(sale);
switch (answer.outcome) {
  case 'printed': case 'sent': case 'duplicate': console.log('done:', answer.outcome); break;
  case 'queued': case 'interrupted':
    console.log('the receipt prints by itself until', answer.expires_at, '-', answer.message);
    break;
  case 'unconfirmed': {
    process.stdout.write('Did the receipt come out? [y/n] ');
    const seen = /^y/i.test(readFileSync(0, 'utf8'));
    spawnSync('kwit', ['resolve', JSON.parse(sale).id, seen ? '--seen' : '--missing'], { stdio: 'inherit' });
    break;
  }
  default: console.log('kwit:', answer.message);
}
