// `npm run mutate`: mutation testing of the verifier and of what calls the kernels; docs/mutation-testing.md
// says how and with which score.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

await build({
  entryPoints: { main: 'libs/dev/mutation/src/main.ts', worker: 'libs/dev/mutation/src/worker.ts' },
  outdir: 'dist/mutation',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  logLevel: 'warning',
});
// Ctrl-C is for the runner, which then writes its report.
process.on('SIGINT', () => undefined);
const { status } = spawnSync(process.execPath, ['dist/mutation/main.cjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 2;
