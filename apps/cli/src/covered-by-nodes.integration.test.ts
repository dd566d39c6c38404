import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOKEN, word } from '@solvent-por/dev/chain-nodes';
import type { NetworkBlock } from '@solvent-por/reserves';
import { ALICE, evmWorld, type EvmWorld } from '../../../libs/packages/nodes/testing/evm-world';
import { eip191 } from '../../../libs/packages/reserves/testing/keys';
import { publish, type Published } from '../testing/published';
import { runCli, temporaryFolder } from '../testing/run-cli';

/* What is owed, held as tokens on a real EVM node (anvil): both halves in one run. */

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
let world: EvmWorld;
let block: NetworkBlock;
let owed: Published;
let tokens: readonly {
  readonly symbol: string;
  readonly scale: number;
  readonly token: string;
  readonly total: bigint;
}[];

interface Manifest {
  readonly header: {
    readonly snapshot: string;
    readonly takenAt: string;
    readonly assets: readonly { readonly symbol: string; readonly scale: number }[];
  };
  readonly totals: readonly string[];
}

beforeAll(async () => {
  owed = await publish(folder);
  const { header, totals } = JSON.parse(owed.manifest.toString()) as Manifest;
  const seconds = Date.parse(header.takenAt) / 1000;
  world = await evmWorld({ timestamp: seconds - 120 });
  const { anvil } = world;
  const made = [];
  for (const [t, { symbol, scale }] of header.assets.entries()) {
    const [token, total] = [(await anvil.send({ data: TOKEN }))!, BigInt(totals[t]!)];
    await anvil.send({ to: token, data: `0x${word(ALICE.evm)}${word(total)}` });
    made.push({ symbol, scale, token, total });
  }
  tokens = made;
  await anvil.rpc('evm_setNextBlockTimestamp', [seconds - 12]);
  await anvil.mine(1);
  block = await world.blockAt(await world.height());
  await anvil.rpc('evm_setNextBlockTimestamp', [seconds + 12]);
  await anvil.mine(5, 12);
  const code = [await world.codeHash(made[0]!.token)];
  const known = made.map(({ symbol, scale, token }) => [
    `eip155:1/${token}`,
    { asset: symbol, decimals: scale, slot: '0', since: '0', code },
  ]);
  writeFileSync(file('tokens.json'), JSON.stringify(Object.fromEntries(known)));
});
afterAll(async () => world?.anvil.stop());

async function json(...args: readonly string[]) {
  const { code, stdout } = await runCli([...args, '--json']);
  return { code, document: JSON.parse(stdout) as Record<string, unknown> };
}

/** All that is owed, less `missing` of the first asset. */
async function build(name: string, missing = 0n): Promise<string> {
  const { header } = JSON.parse(owed.manifest.toString()) as Manifest;
  const { keys } = JSON.parse(readFileSync(owed.config, 'utf8')) as { readonly keys: unknown };
  const config = {
    ...{ operator: owed.operator, domain: 'exchange.example', snapshot: header.snapshot, keys },
    ...{
      takenAt: header.takenAt,
      anchor: 'eip155:1',
      liabilities: 'published/manifest.json',
      networks: [block],
    },
    assets: tokens
      .map(({ symbol, scale }) => ({ symbol, scale }))
      .sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
    holdings: tokens.map(({ symbol, scale, token }) => ({
      ...{ network: 'eip155:1', asset: symbol, token, decimals: scale },
    })),
    lines: [`${name}.ndjson`],
  };
  writeFileSync(file(`${name}.json`), JSON.stringify(config));
  const { document } = await json('reserves', 'statement', '--snapshot', file(`${name}.json`));
  const ownership = { scheme: 'eip191', signatures: [eip191(document.text as string, ALICE)] };
  const lines = tokens.map(({ symbol, token, total }, i) => ({
    ...{ network: 'eip155:1', asset: symbol, token, address: ALICE.evm, class: 'own', ownership },
    amount: (total - (i === 0 ? missing : 0n)).toString(),
  }));
  writeFileSync(file(`${name}.ndjson`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect((await json('reserves', 'build', file(name), '--config', file(`${name}.json`))).code).toBe(0);
  return file(name);
}

const verify = (directory: string, ...more: readonly string[]) =>
  json(
    ...['verify-reserves', directory, '--operator', owed.operator, '--tokens', file('tokens.json')],
    ...['--manifest', join(folder, 'published/manifest.json'), ...more],
  );
const proof = () => ['--proof', join(folder, 'published/global-proof.ndjson')];
const node = () => ['--node', `eip155:1=${world.anvil.url}`];

test('with the node and the global proof in the same run it is covered by what is proved', async () => {
  const directory = await build('covered');
  const required = ['--require', 'covered:proved', '--require', 'liabilities'];
  expect(await verify(directory, ...proof(), ...node(), ...required)).toMatchObject({
    code: 0,
    document: {
      ...{ liabilities: 'proved', required: true, blocks: { 'eip155:1': 'confirmed' } },
      solvency: { verdict: 'covered', by: 'proved' },
    },
  });
});

test('without the node it is claimed, without the proof what is owed is the operator’s word', async () => {
  const directory = await build('halves');
  expect(await verify(directory, ...proof(), '--require', 'covered')).toMatchObject({
    code: 1,
    document: { verdict: 'right', liabilities: 'proved', required: false, solvency: { verdict: 'claimed' } },
  });
  expect(
    await verify(directory, ...node(), '--require', 'covered', '--require', 'liabilities'),
  ).toMatchObject({
    code: 1,
    document: { liabilities: 'unproved', required: false, solvency: { verdict: 'covered' } },
  });
});

test('a statement of less than the node proves is wrong, however little is missing', async () => {
  const directory = await build('less', 1n);
  expect(await verify(directory, ...node())).toMatchObject({
    code: 1,
    document: { verdict: 'wrong', code: 'NODE_CONTRADICTS' },
  });
  expect(await verify(directory)).toMatchObject({ document: { solvency: { verdict: 'short' } } });
});
