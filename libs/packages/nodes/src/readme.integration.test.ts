import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { evmWorld, publishAt } from '../testing/evm-world';

const project = join(__dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'solvent-nodes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example, bundled from these sources and run beside a publication. */
async function run(url: string): Promise<string> {
  const child = spawn(process.execPath, ['example.mjs'], {
    cwd: folder,
    env: { ...process.env, NODE_URL: url },
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

test('what the README shows runs, with a real node and without', async () => {
  const [, example] = /^```js\n(.*?)^```$/ms.exec(readFileSync(join(__dirname, '../README.md'), 'utf8'))!;
  writeFileSync(join(folder, 'example.ts'), example!);
  buildSync({
    entryPoints: [join(folder, 'example.ts')],
    outfile: join(folder, 'example.mjs'),
    ...{ bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    tsconfig: join(project, 'tsconfig.base.json'),
    alias: {
      '@solvent-por/nodes': join(__dirname, 'index.ts'),
      '@solvent-por/reserves': join(__dirname, '../../reserves/src/index.ts'),
    },
    nodePaths: [join(project, 'node_modules')],
  });
  const world = await evmWorld();
  try {
    const block = await world.blockAt(await world.height());
    await world.anvil.mine(10);
    const { reserves, addresses } = publishAt(world, block);
    writeFileSync(join(folder, 'reserves.json'), reserves);
    writeFileSync(join(folder, 'reserve-addresses.ndjson'), addresses);
    const said = await run(world.anvil.url);
    expect(said).toMatch(/^right \{ 'eip155:1': 'confirmed' \}/);
    expect(said).toContain("proved: '3000000000'");
  } finally {
    await world.anvil.stop();
  }
  expect(await run(world.anvil.url)).toMatch(/cannot be reached[^]*right \{ 'eip155:1': 'unconfirmed' \}/);
});
