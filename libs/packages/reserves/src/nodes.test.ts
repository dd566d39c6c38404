import {
  ALICE,
  BLOCK,
  draft,
  ETHER_PROOF,
  evmHeader,
  make,
  TETHER_PROOF,
  USDT,
  USDT_STORAGE,
  type Changes,
} from '../testing/made-publication';
import { eip191 } from '../testing/keys';
import { answered } from '../testing/verdict-of';
import { parseReserves } from './documents/parse-reserves';
import { signedText, type Stated } from './documents/texts';
import { readKnownCoins } from './known/read-known';
import { fetchedBalance } from './verify/fetched';

const DOCUMENT = draft().document as unknown as Stated;
const TEXT = signedText(DOCUMENT);

describe('contracts that a node answers for', () => {
  const owners = {
    ownership: { scheme: 'owners', form: 'eip191', owners: [ALICE.evm], signatures: [eip191(TEXT, ALICE)] },
  };
  const safe: Changes = {
    draft: ({ lines }) => {
      lines[1] = { ...lines[1], address: `0x${'c0'.repeat(20)}`, balance: undefined, ...owners };
      delete lines[1].balance;
    },
  };

  test('confirmed: checked, its modules counted; contradicted: wrong; no answer: unchecked', () => {
    const made = make(safe);
    const told = { amount: 3n * 10n ** 18n, control: true, modules: true };
    const nodes = { 'eip155:1': 'archive' };
    expect(answered(made, [undefined, told], { nodes })).toMatchObject({
      modules: 1,
      assets: { ETH: { checked: '3000000000' } },
    });
    expect(answered(made, [], { nodes })).toMatchObject({
      modules: 0,
      reasons: { unchecked: 1 },
      assets: { ETH: { claimed: '3000000000' } },
    });
    expect(() => answered(made, [undefined, { control: false }], { nodes })).toThrow(/controlled by others/);
  });

  test('a legacy text that was lifted from another exchange stays undated, whatever a node says', () => {
    const legacy = { ...owners.ownership, message: 0, signatures: [eip191('I am an OKX address', ALICE)] };
    const made = make({
      draft: (d) => {
        safe.draft!(d);
        d.lines[1]!.ownership = legacy;
      },
    });
    const told = { amount: 3n * 10n ** 18n, control: true };
    expect(answered(made, [undefined, told], { nodes: { 'eip155:1': 'archive' } })).toMatchObject({
      reasons: { undated: 1 },
      assets: { ETH: { claimed: '3000000000' } },
    });
  });
});

describe('balances that a node gave with their proof', () => {
  /** The publication has no evidence of balances, not even a header. */
  const bare: Changes = {
    draft: ({ document, lines }) => {
      delete document.networks[1]!.header;
      delete document.holdings[2]!.storage;
      lines.forEach((line) => delete line.balance);
    },
  };
  const made = make(bare);
  const block = parseReserves(made.reserves).networks[1]!;
  const nodes = { 'eip155:1': 'archive' };
  const coin = readKnownCoins().coin('eip155:1', USDT)!;
  const ether = { header: BLOCK.header, balance: ETHER_PROOF };
  const tether = {
    header: BLOCK.header,
    balance: TETHER_PROOF,
    token: { address: USDT, storage: USDT_STORAGE },
  };

  test('are proved, and no word of the node’s', () => {
    const answers = [
      undefined,
      fetchedBalance(block, ALICE.evm, ether),
      fetchedBalance(block, ALICE.evm, tether, coin),
    ];
    const { assets } = answered(made, answers, { blocks: {}, nodes });
    expect(assets.ETH).toMatchObject({ proved: '3000000000', checked: '0' });
    expect(assets.USDT).toMatchObject({ proved: '5000001', checked: '0' });
    const told = [undefined, { amount: 3n * 10n ** 18n }];
    expect(answered(made, told, { blocks: {}, nodes }).assets.ETH).toMatchObject({
      proved: '0',
      checked: '3000000000',
    });
  });

  test('a token without a rule shows nothing, one with other code is not known', () => {
    expect(fetchedBalance(block, ALICE.evm, tether)).toBeUndefined();
    const other = fetchedBalance(block, ALICE.evm, tether, { ...coin, code: [`0x${'11'.repeat(32)}`] });
    expect(answered(made, [undefined, undefined, other], { blocks: {}, nodes })).toMatchObject({
      reasons: { token: 1 },
    });
  });

  test('a header or a proof of something else is refused', () => {
    const header = evmHeader(23_900_001n).header;
    for (const other of [{ height: `${block.height}0` }, { time: '2026-11-29T23:59:00Z' }])
      expect(() => fetchedBalance({ ...block, ...other }, ALICE.evm, ether)).toThrow(
        /another height or time/,
      );
    expect(() => fetchedBalance(block, ALICE.evm, { ...ether, header })).toThrow(/does not hash/);
    expect(() => fetchedBalance(block, ALICE.evm, { ...ether, balance: TETHER_PROOF })).toThrow(
      /does not hash/,
    );
  });
});
