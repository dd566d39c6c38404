import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLyingNode, RpcRefusal, type Lie } from '@solvent-por/dev/chain-nodes';
import { signedText, type NetworkBlock, type ReservesDraft } from '@solvent-por/reserves';
import {
  ALICE,
  BOB,
  ETHER,
  evmWorld,
  TETHER,
  type EvmWorld,
} from '../../../libs/packages/nodes/testing/evm-world';
import { eip191 } from '../../../libs/packages/reserves/testing/keys';
import { publish, type Published } from '../testing/published';
import { runCli, temporaryFolder } from '../testing/run-cli';

/* A real EVM node (anvil): transfers made, proofs fetched, published, verified, as people type it. */

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
let world: EvmWorld;
let block: NetworkBlock;
let liabilities: Published;
let takenAt: string;

interface Manifest {
  readonly header: {
    readonly takenAt: string;
    readonly assets: readonly { readonly symbol: string; readonly scale: number }[];
  };
  readonly totals: readonly string[];
}
const manifest = () => JSON.parse(liabilities.manifest.toString()) as Manifest;

beforeAll(async () => {
  liabilities = await publish(folder);
  takenAt = manifest().header.takenAt;
  const seconds = Date.parse(takenAt) / 1000;
  world = await evmWorld({ timestamp: seconds - 120 });
  await world.anvil.rpc('evm_setNextBlockTimestamp', [seconds - 12]);
  await world.anvil.mine(1);
  block = await world.blockAt(await world.height());
  await world.anvil.rpc('evm_setNextBlockTimestamp', [seconds + 12]);
  await world.anvil.mine(5, 12);
  writeFileSync(file('tokens.json'), JSON.stringify(world.tokens));
});
afterAll(async () => world?.anvil.stop());

const url = (of = world.anvil.url) => `eip155:1=${of}`;

async function json(...args: readonly string[]) {
  const { code, stdout } = await runCli([...args, '--json']);
  return { code, document: JSON.parse(stdout) as Record<string, unknown> };
}

/** Published by `reserves build`: Alice's ether and token, Bob's staked ether. */
async function build(name: string, more: readonly string[], stated = 3n * ETHER) {
  const { keys } = JSON.parse(readFileSync(liabilities.config, 'utf8')) as { readonly keys: unknown };
  const config = {
    ...{ operator: liabilities.operator, domain: 'exchange.example', snapshot: 'test', takenAt, keys },
    ...{ anchor: 'eip155:1', liabilities: null, networks: [block], lines: [`${name}.ndjson`] },
    assets: [
      { symbol: 'ETH', scale: 9 },
      { symbol: 'USDT', scale: 6 },
    ],
    holdings: [{ network: 'eip155:1', asset: 'USDT', token: world.token, decimals: 6 }],
  };
  const text = signedText({
    ...config,
    messages: [],
    attested: [],
    previous: null,
  } as unknown as ReservesDraft);
  const line = (key: typeof ALICE, members: object) => ({
    ...{ network: 'eip155:1', address: key.evm, class: 'own', ...members },
    ownership: { scheme: 'eip191', signatures: [eip191(text, key)] },
  });
  const lines = [
    line(ALICE, { asset: 'ETH', amount: stated.toString() }),
    line(ALICE, { asset: 'USDT', token: world.token, amount: TETHER.toString() }),
    line(BOB, { asset: 'ETH', class: 'staked', amount: '32' }),
  ];
  writeFileSync(file(`${name}.ndjson`), lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
  writeFileSync(file(`${name}.json`), JSON.stringify(config));
  const built = await json('reserves', 'build', file(name), '--config', file(`${name}.json`), ...more);
  return { directory: file(name), ...built };
}

const TOKENS = () => ['--tokens', file('tokens.json')];
const PROVED = { ETH: { proved: '3000000000' }, USDT: { proved: '5000001' } };

test('proofs are fetched into the publication; it is proved with a hash alone, and by the node', async () => {
  const { directory, ...built } = await build('proved', ['--node', url(), ...TOKENS()]);
  expect(built).toMatchObject({ code: 0, document: { proofs: 2 } });
  const byHash = await json('verify-reserves', directory, ...TOKENS(), '--block', `eip155:1=${block.block}`);
  expect(byHash).toMatchObject({ code: 0, document: { assets: PROVED, reasons: { balance: 1 } } });
  expect(byHash.document).not.toHaveProperty('nodes');
  const byNode = await json('verify-reserves', directory, ...TOKENS(), '--node', url());
  expect(byNode).toMatchObject({
    code: 0,
    document: { assets: PROVED, nodes: { 'eip155:1': new URL(world.anvil.url).host }, modules: 0 },
  });
});

test('without evidence in it the node gives it, proof and all', async () => {
  const { directory } = await build('bare', []);
  const alone = await json('verify-reserves', directory, ...TOKENS());
  expect(alone.document).toMatchObject({ reasons: { block: 3 } });
  const { stdout } = await runCli(['verify-reserves', directory, ...TOKENS(), '--node', url()]);
  expect(stdout).toContain(`eip155:1: confirmed by ${new URL(world.anvil.url).host}`);
  expect((await json('verify-reserves', directory, ...TOKENS(), '--node', url())).document).toMatchObject({
    assets: PROVED,
  });
});

test('one wei more than there is: not published with proofs, and wrong where it was published without', async () => {
  const refused = await build('more', ['--node', url(), ...TOKENS()], 3n * ETHER + 1n);
  expect(refused).toMatchObject({ code: 1, document: { code: 'STATE_PROOF_UNTRUE' } });
  const { directory } = await build('more-bare', [], 3n * ETHER + 1n);
  expect(await json('verify-reserves', directory, '--node', url())).toMatchObject({
    code: 1,
    document: { verdict: 'wrong', code: 'NODE_CONTRADICTS', line: 2 },
  });
  const checked = await json('check-balance', directory, '--node', url(), ...TOKENS());
  expect(checked).toMatchObject({ code: 1, document: { verdict: 'wrong', right: 1, wrong: 1, noAnswer: 1 } });
});

test('check-balance: row by row, by network, asset and address', async () => {
  const { directory } = await build('rows', []);
  const all = await json('check-balance', directory, '--node', url(), ...TOKENS());
  expect(all).toMatchObject({
    code: 3,
    document: {
      verdict: 'unchecked',
      rows: [
        { asset: 'ETH', address: ALICE.evm, stated: '3000000000000000000', by: 'proof', verdict: 'right' },
        { asset: 'ETH', address: BOB.evm, class: 'staked', verdict: 'no answer' },
        { asset: 'USDT', token: world.token, answer: '5000001', verdict: 'right' },
      ].sort((a, b) => (a.asset + a.address < b.asset + b.address ? -1 : 1)),
    },
  });
  const own = await json('check-balance', directory, '--node', url(), ...TOKENS(), '--address', ALICE.evm);
  expect(own).toMatchObject({ code: 0, document: { verdict: 'right', right: 2 } });
  const word = await json('check-balance', directory, '--node', url(), '--asset', 'USDT');
  expect(word).toMatchObject({ code: 0, document: { rows: [{ by: 'word' }] } });
  const { code, stdout } = await runCli(['check-balance', directory, '--node', url(), '--asset', 'ETH']);
  expect(code).toBe(3);
  expect(stdout).toContain('stated 3000000000000000000, the node proves so');
  expect(stdout).toContain('2 lines of 3: 1 right, 0 wrong, 1 without an answer');
  expect(await json('check-balance', directory, '--node', url(), '--asset', 'BTC')).toMatchObject({
    code: 2,
  });
  expect(await json('check-balance', directory)).toMatchObject({ code: 2 });
});

test('check-balance: a file that is cut off, or another one, is wrong, not right as far as it goes', async () => {
  const { directory } = await build('cut', []);
  const addresses = join(directory, 'reserve-addresses.ndjson');
  const [first] = readFileSync(addresses, 'utf8').split('\n');
  writeFileSync(addresses, `${first}\n`);
  expect(await json('check-balance', directory, '--node', url(), ...TOKENS())).toMatchObject({
    code: 1,
    document: { verdict: 'wrong', code: 'ADDRESSES_UNTRUE' },
  });
});

test('a node that lies, hangs, or is of another network; and keys in its URL, which nobody sees', async () => {
  const { directory } = await build('liars', []);
  const without: Lie = ({ method }, answer) => {
    if (method === 'eth_getProof') throw new RpcRefusal(-32601, 'no such method');
    return method === 'eth_getBalance' ? '0x1' : answer();
  };
  const liar = await startLyingNode(world.anvil.url, without);
  expect(await json('verify-reserves', directory, '--node', url(liar.url))).toMatchObject({
    code: 1,
    document: { code: 'NODE_CONTRADICTS' },
  });
  await liar.stop();
  const gone = `${liar.url.replace('//', '//user:sesame@')}/v3/0123456789abcdef?key=sesame`;
  const { code, stdout, stderr } = await runCli(['verify-reserves', directory, '--node', url(gone)]);
  expect(code).toBe(0);
  expect(stdout).toContain('eip155:1: unconfirmed');
  expect(stdout).toMatch(/the node 127\.0\.0\.1:\d+ of eip155:1 cannot be reached \(ECONNREFUSED\)/);
  expect(stdout + stderr).not.toMatch(/sesame|0123456789abcdef/);
  const other = await json('verify-reserves', directory, '--node', `litecoin=${world.anvil.url}`);
  expect(other).toMatchObject({ code: 2, document: { code: 'USAGE' } });
  const twice = await json('verify-reserves', directory, '--node', url(), '--node', url());
  expect(twice).toMatchObject({ code: 2, document: { code: 'NODE_TWICE' } });
  const forgotten = await json('verify-reserves', directory, '--node', gone);
  expect(forgotten).toMatchObject({ code: 2, document: { code: 'NODE_CONFIGURATION' } });
  expect(JSON.stringify(forgotten)).not.toMatch(/sesame/);
});

test('a URL from the environment, and a list of nodes from a file', async () => {
  const { directory } = await build('listed', []);
  const { port } = new URL(world.anvil.url);
  const { code, stdout } = await runCli(
    ['verify-reserves', directory, '--node', 'eip155:1=http://127.0.0.1:${NODE_PORT}', '--json'],
    { environment: { NODE_PORT: port } },
  );
  expect(code).toBe(0);
  expect(stdout).toContain('"confirmed"');
  expect(
    await json('verify-reserves', directory, '--node', 'eip155:1=http://127.0.0.1:${NODE_PORT}'),
  ).toMatchObject({ code: 2, document: { reason: expect.stringContaining('NODE_PORT') } });
  writeFileSync(
    file('nodes.json'),
    JSON.stringify([{ network: 'eip155:1', url: world.anvil.url, name: 'ours' }]),
  );
  expect(await json('verify-reserves', directory, '--nodes', file('nodes.json'))).toMatchObject({
    code: 0,
    document: { nodes: { 'eip155:1': 'ours' } },
  });
});
