import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, safeAnswers } from '@solvent-por/dev/chain-nodes';
import { readKnownCoins } from '@solvent-por/reserves';
import { openNodes, readNodeConfiguration } from '@solvent-por/nodes';
import {
  ALICE,
  BOB,
  ETHER,
  evmWorld,
  publishAt,
  type EvmWorld,
} from '../../../libs/packages/nodes/testing/evm-world';
import { eip191 } from '../../../libs/packages/reserves/testing/keys';
import { runCli, temporaryFolder } from '../testing/run-cli';

/* One piece of evidence, and a real EVM node (anvil). */

const folder = temporaryFolder();
let world: EvmWorld;
let safe: string;
let ofThree: string;
let height: number;

beforeAll(async () => {
  world = await evmWorld();
  const { anvil } = world;
  const singleton = (await anvil.send({ data: answering({ '0x00000001': '0x' }) }))!;
  const deployed = async (threshold: number) =>
    (await anvil.send({ data: answering(safeAnswers([ALICE.evm, BOB.evm], threshold), singleton) }))!;
  [safe, ofThree] = [await deployed(1), await deployed(3)];
  height = await world.height();
  await anvil.mine(10);
  const known = {
    [await world.codeHash(singleton)]: 'safe',
    [await world.codeHash(safe)]: 'safe-proxy',
    [await world.codeHash(ofThree)]: 'safe-proxy',
  };
  writeFileSync(join(folder, 'contracts.json'), JSON.stringify(known));
});
afterAll(async () => world?.anvil.stop());

async function verify(evidence: object, ...more: readonly string[]) {
  const file = join(folder, 'evidence.json');
  writeFileSync(file, JSON.stringify(evidence));
  const { code, stdout } = await runCli(['verify-evidence', file, ...more, '--json']);
  return { code, document: JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown> };
}
const node = (network = 'eip155:1') => ['--node', `${network}=${world.anvil.url}`];
const contracts = () => ['--contracts', join(folder, 'contracts.json')];
const ownersOf = (address: string) => ({
  ...{ network: 'eip155:1', address, message: 'mine' },
  ownership: { scheme: 'owners', form: 'eip191', owners: [ALICE.evm], signatures: [eip191('mine', ALICE)] },
});

test('a Safe: unchecked alone and where its code is not known, right by a node, wrong where it asks for more', async () => {
  expect(await verify(ownersOf(safe))).toMatchObject({ code: 3, document: { verdict: 'unchecked' } });
  expect(await verify(ownersOf(safe), ...node())).toMatchObject({ code: 3 });
  expect(await verify(ownersOf(safe), ...node(), ...contracts())).toMatchObject({
    code: 0,
    document: { verdict: 'right', node: { name: new URL(world.anvil.url).host } },
  });
  expect(await verify(ownersOf(ofThree), ...node(), ...contracts())).toMatchObject({
    code: 1,
    document: { verdict: 'wrong', code: 'NODE_CONTRADICTS' },
  });
});

test('a balance: the node confirms its block, or does not have it', async () => {
  const block = await world.blockAt(height);
  const { document } = publishAt(world, block);
  const nodes = openNodes([readNodeConfiguration({ network: 'eip155:1', url: world.anvil.url })], {
    reserves: document,
    coins: readKnownCoins(),
  });
  const [proof] = await nodes.proofs([{ network: 'eip155:1', address: ALICE.evm }]);
  await nodes.close();
  const evidence = {
    ...{ header: proof!.header, block: block.block, address: ALICE.evm, balance: proof!.balance },
    amount: (3n * ETHER).toString(),
  };
  expect(await verify(evidence)).toMatchObject({ code: 0, document: { block: 'unconfirmed' } });
  expect(await verify(evidence, ...node())).toMatchObject({
    code: 0,
    document: { block: 'confirmed', node: { block: block.block, height: String(height) } },
  });
  expect(await verify({ ...evidence, amount: '1' }, ...node())).toMatchObject({ code: 1 });
  const unreached = await verify(evidence, '--node', 'eip155:1=http://127.0.0.1:1');
  expect(unreached).toMatchObject({
    code: 0,
    document: { block: 'unconfirmed', unanswered: [{ code: 'NODE_UNREACHABLE' }] },
  });
});

test('a node of another chain says nothing of the evidence: unchecked, and why', async () => {
  const evidence = { ...ownersOf(safe), network: 'eip155:56' };
  expect(await verify(evidence, ...node('eip155:56'), ...contracts())).toMatchObject({
    code: 3,
    document: { verdict: 'unchecked', unanswered: [{ code: 'NODE_CONTRADICTS' }] },
  });
});

test('a node of another network than the evidence, or of a kind that is not asked: exit 2', async () => {
  expect(await verify(ownersOf(safe), ...node('eip155:56'), ...contracts())).toMatchObject({ code: 2 });
  expect(await verify(ownersOf(safe), '--node', `bitcoin=${world.anvil.url}`)).toMatchObject({ code: 2 });
});
