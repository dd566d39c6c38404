import { Shutdown } from '../src/lifecycle/shutdown';
import { endOnSignals } from '../src/lifecycle/signals';
import { silentLog } from '../src/logging/log';

/** A process that ends on signals, for the tests of that. Argument: good, stuck, bad or leaky. */
const mode = process.argv[2];
const say = (line: string) => process.stdout.write(`${line}\n`);
const alive = setInterval(() => undefined, 1_000);
const shutdown = new Shutdown(silentLog);
shutdown.add('work', 'work', async () => {
  say('closing');
  if (mode === 'stuck') await new Promise(() => undefined);
  if (mode === 'bad') throw new Error('no');
  if (mode !== 'leaky') clearInterval(alive);
  say('closed');
});
endOnSignals(() => shutdown.run(30), silentLog);
say('running');
