import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const bundle = join(__dirname, '../../../../dist/services/cluster.cjs');

test('`npm run dev:cluster` is built where it is started, and refuses what it cannot do', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [bundle, ...args], { encoding: 'utf8' });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--provers') as string });
  expect(run('--provers', '0')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('It must be an integer in 1…64') as string,
  });
});
