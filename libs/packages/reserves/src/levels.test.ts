import {
  ALICE,
  BLOCK,
  CONFIRMED,
  draft,
  ETHER_PROOF,
  evmHeader,
  make,
  TETHER_PROOF,
  USDT,
  USDT_STORAGE,
  type Changes,
} from '../testing/made-publication';
import { edKey, eip191, rsv, signEd } from '../testing/keys';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, toHex, utf8 } from '@solvent-por/kzg';
import { elsewhere } from '../testing/level-cases';
import { answered, reportOf } from '../testing/verdict-of';
import { signedText, standingText, type Stated } from './documents/texts';
import { encodeBase58Check } from './addresses/base58';
import { evmAccount } from './addresses/hashes';
import { type ReservesOptions } from './verify/reserves-verifier';
import { levelOf, REASONS, type LineFacts } from './verify/levels';

const DOCUMENT = draft().document as unknown as Stated;
const TEXT = signedText(DOCUMENT);
const ether = (more: object): Changes => ({ draft: ({ lines }) => Object.assign(lines[1]!, more) });
const named = { named: '2026-01-15' };
const standing = {
  ownership: { scheme: 'eip191', signatures: [eip191(standingText(DOCUMENT, named.named), ALICE)], ...named },
};

/** Sums of an asset after the verifier was run. */
async function sums(changes: Changes, symbol: string, options?: ReservesOptions) {
  const report = await reportOf(make(changes), options);
  const { proved, checked, claimed } = report.assets[symbol]!;
  return { proved, checked, claimed, reasons: report.reasons, ownership: report.ownership };
}

describe('proved, and the honest twin of what is not', () => {
  test('own coins and tokens of an EVM network, everything shown', async () => {
    expect(await sums({}, 'ETH')).toMatchObject({ proved: '3000000000', checked: '0', claimed: '0' });
    expect(await sums({}, 'USDT')).toMatchObject({ proved: '5000001', checked: '0', claimed: '0' });
  });

  test.each<[string, Changes, ReservesOptions, object]>([
    ['a block that nobody confirms', {}, { blocks: {} }, { claimed: '3000000000', reasons: { block: 3 } }],
    [
      'no balance',
      ether({ balance: undefined }),
      {},
      { claimed: '3000000000', reasons: { block: 1, balance: 1 } },
    ],
    [
      'a standing text: checked, for when is the signer’s word',
      ether(standing),
      {},
      { proved: '0', checked: '3000000000' },
    ],
    ['no evidence', ether({ ownership: undefined }), {}, { claimed: '3000000000', reasons: { none: 1 } }],
    [
      'keys held by somebody else',
      ether({ class: 'custodian' }),
      {},
      { claimed: '3000000000', reasons: { custodian: 1 } },
    ],
    [
      'a legacy text',
      ether({
        ownership: { scheme: 'eip191', signatures: [eip191('I am an OKX address', ALICE)], message: 0 },
      }),
      {},
      { claimed: '3000000000', reasons: { undated: 1 } },
    ],
    [
      'a reserved scheme',
      ether({ ownership: { scheme: 'eip712' } }),
      {},
      { claimed: '3000000000', reasons: { unsupported: 1 } },
    ],
    [
      'a contract that vouches for itself',
      ether({ ownership: { scheme: 'eip1271', signatures: ['0x'] } }),
      {},
      { claimed: '3000000000', reasons: { unchecked: 1 } },
    ],
    [
      'staked',
      ether({ class: 'staked', balance: undefined }),
      {},
      { claimed: '3000000000', reasons: { balance: 1 } },
    ],
  ])('%s', async (_, changes, options, expected) => {
    expect(await sums(changes, 'ETH', options)).toMatchObject({ proved: '0', ...expected });
  });

  test('the anchor unconfirmed: what is signed is as good as a standing text', async () => {
    const anchored: Changes = {
      draft: ({ document, lines }) => {
        document.anchor = 'bitcoin';
        const ownership = {
          scheme: 'eip191',
          signatures: [eip191(signedText(document as unknown as Stated), ALICE)],
        };
        Object.assign(lines[1]!, { ownership });
        delete lines[0]!.ownership;
        delete lines[2]!.ownership;
      },
    };
    expect(await sums(anchored, 'ETH')).toMatchObject({
      proved: '0',
      checked: '3000000000',
      ownership: { named: 1 },
    });
  });
});

describe('tokens', () => {
  const coin = { asset: 'USDT', decimals: 6 };
  const key = `eip155:1/${USDT}`;
  test.each<[string, object, object]>([
    ['without a rule', { [key]: coin }, { claimed: '5000001', reasons: { balance: 1 } }],
    [
      'below the height of its rule',
      { [key]: { ...coin, slot: '2', code: [`0x${'11'.repeat(32)}`], since: '23900001' } },
      { claimed: '5000001', reasons: { balance: 1 } },
    ],
    [
      'with other code',
      { [key]: { ...coin, slot: '2', code: [`0x${'11'.repeat(32)}`], since: '1' } },
      { claimed: '5000001', reasons: { token: 1 } },
    ],
  ])('%s: claimed', async (_, tokens, expected) => {
    expect(await sums({}, 'USDT', { tokens })).toMatchObject({ proved: '0', ...expected });
  });

  test('frozen: the amount is right, and it is claimed', async () => {
    const code = ['0xb44fb4e949d0f78f87f79ee46428f23a2a5713ce6fc6e0beb3dda78c2ac1ea55'];
    // 5,000,001 has its 23rd bit set: with a rule of 22 bits that bit says frozen.
    const tokens = { [key]: { ...coin, slot: '2', bits: 22, code, since: '1' } };
    const changes: Changes = { draft: ({ lines }) => (lines[2]!.amount = (5_000_001 % 2 ** 22).toString()) };
    expect(await sums(changes, 'USDT', { tokens })).toMatchObject({ proved: '0', reasons: { frozen: 1 } });
  });

  test('that nobody vouches for: claimed, whatever its storage shows', async () => {
    const pepe = '0x6982508145454ce325ddbe47a25d4ec3d2311933';
    const changes: Changes = {
      draft: ({ document, lines }) => {
        document.holdings[2] = { network: 'eip155:1', asset: 'USDT', decimals: 6, token: pepe };
        Object.assign(lines[2]!, { token: pepe, balance: undefined });
      },
    };
    expect(await sums(changes, 'USDT')).toMatchObject({ claimed: '5000001', reasons: { token: 1 } });
  });
});

describe('networks', () => {
  const layer2 = { eip155: 'eip155:8453' };
  const evm = {
    address: ALICE.evm,
    amount: '3000000000000000000',
    balance: ETHER_PROOF,
    ownership: { scheme: 'eip191', signatures: [eip191(TEXT, ALICE)] },
  };
  const header = { header: BLOCK.header, block: BLOCK.block, height: '23900000' };

  test('one party makes the blocks: checked, and told apart', async () => {
    const made = make(elsewhere(layer2.eip155, 'ETH', 18, evm, header));
    const report = await reportOf(made, { blocks: { ...CONFIRMED, 'eip155:8453': BLOCK.block } });
    expect(report.assets.ETH).toMatchObject({
      proved: '3000000000',
      checked: '3000000000',
      layer2: '3000000000',
    });
  });

  test('an EVM network whose keys may be changed (⟳) is claimed until the verifier’s own file knows it', async () => {
    const changes = elsewhere('eip155:137', 'POL', 18, evm, header);
    const blocks = { ...CONFIRMED, 'eip155:137': BLOCK.block };
    expect(await sums(changes, 'POL', { blocks })).toMatchObject({
      claimed: '3000000',
      reasons: { token: 1 },
    });
    const tokens = { 'eip155:137': { asset: 'POL', decimals: 18 } };
    expect(await sums(changes, 'POL', { blocks, tokens })).toMatchObject({ proved: '3000000', claimed: '0' });
  });

  const tron = encodeBase58Check(concat(Uint8Array.of(0x41), evmAccount(ALICE.key)));
  const tronHash = keccak_256(concat(utf8(`\x19TRON Signed Message:\n${TEXT.length}`), utf8(TEXT)));
  const tronLine = {
    address: tron,
    amount: '1000001',
    ownership: { scheme: 'tron-message', signatures: [rsv(tronHash, ALICE)] },
  };
  const nodes = { tron: 'node.example' };

  test('Tron (⟳): rotation is open until a node says that the key is the present one', () => {
    const made = make(elsewhere('tron', 'TRX', 6, tronLine));
    const amount = { amount: 1_000_001n };
    expect(answered(made, [undefined, amount])).toMatchObject({ reasons: { block: 1 } });
    expect(answered(made, [undefined, amount], { nodes })).toMatchObject({ reasons: { rotation: 1 }, nodes });
    expect(answered(made, [undefined, { ...amount, presentKey: true }], { nodes }).assets.TRX).toMatchObject({
      checked: '1000001',
      proved: '0',
    });
    expect(() => answered(made, [undefined, { ...amount, presentKey: false }], { nodes })).toThrow(
      /not the present one/,
    );
    expect(() => answered(made, [undefined, { amount: 1n }], { nodes })).toThrow(/node says/);
  });

  test('a token of a network whose tokens have no one spelling: doubles', async () => {
    const key = edKey('alice');
    const address = toHex(key.key).slice(2);
    const ownership = { scheme: 'ed25519', key: toHex(key.key), signatures: [signEd(utf8(TEXT), key)] };
    const changes = elsewhere('near', 'USDC', 6, { address, amount: '5', token: 'usdc.near', ownership });
    expect(await sums(changes, 'USDC')).toMatchObject({ claimed: '5', reasons: { doubles: 1 } });
  });

  test('bitcoin is checked at best', () => {
    const made = make();
    const btc = answered(made, [{ amount: 100n }], { nodes: { bitcoin: 'bitcoind' } });
    expect(btc.assets.BTC).toMatchObject({ proved: '0', checked: '100', claimed: '0' });
    expect(btc.blocks.bitcoin).toBe('confirmed');
  });
});

test('an account with code of its own is counted as delegated', async () => {
  expect((await reportOf(make())).delegated).toBe(0);
  const changes: Changes = {
    draft: ({ document, lines }) => {
      lines[1] = {
        ...lines[1],
        address: USDT,
        amount: '0',
        balance: USDT_STORAGE,
        ownership: { scheme: 'eip1271', signatures: ['0x'] },
      };
      document.snapshot = 'test';
    },
  };
  expect(
    (
      await reportOf(
        make({
          draft: (d) => {
            changes.draft!(d);
          },
        }),
      )
    ).delegated,
  ).toBe(0);
});

test('the reasons stand in the order of the specification: the first counts', () => {
  const best: LineFacts = {
    class: 'own',
    control: 'fresh',
    controlByNode: false,
    rotation: 'fixed',
    evm: true,
    oneParty: false,
    confirmed: true,
    doubles: false,
    known: true,
    frozen: false,
    balance: 'proved',
  };
  expect(levelOf(best)).toEqual({ level: 'proved' });
  const flaws: Record<(typeof REASONS)[number], Partial<LineFacts>> = {
    custodian: { class: 'custodian' },
    none: { control: 'none' },
    unsupported: { control: 'unsupported' },
    undated: { control: 'undated' },
    unchecked: { control: 'unchecked' },
    doubles: { doubles: true },
    token: { known: false },
    block: { confirmed: false },
    rotation: { rotation: 'open' },
    frozen: { frozen: true },
    balance: { balance: 'claimed' },
  };
  REASONS.forEach((reason, i) => {
    const later = REASONS.slice(i).reduceRight<LineFacts>(
      (facts, one) => ({ ...facts, ...flaws[one] }),
      best,
    );
    expect(levelOf(later)).toEqual({ level: 'claimed', reason });
  });
  for (const twin of [
    { class: 'staked' },
    { control: 'named' },
    { controlByNode: true },
    { rotation: 'confirmed by a node' },
    { evm: false },
    { oneParty: true },
    { balance: 'checked' },
  ] as const)
    expect(levelOf({ ...best, ...twin })).toEqual({ level: 'checked' });
});

test('proofs of these tests are several nodes long', () => {
  expect([ETHER_PROOF, TETHER_PROOF, USDT_STORAGE].map(({ length }) => length)).toEqual([2, 2, 2]);
  expect(evmHeader()).toEqual(BLOCK);
});
