import { toHex, utf8 } from '@solvent-por/kzg';
import { signedText, standingText, type Stated } from '../src/documents/texts';
import type { Reason } from '../src/verify/levels';
import { edKey, eip191, signEd } from './keys';
import {
  ALICE,
  BLOCK,
  CONFIRMED,
  draft,
  make,
  TAKEN_AT,
  USDT,
  type Changes,
  type Draft,
  type DraftLine,
  type Made,
} from './made-publication';

/** One line of its own network instead of bitcoin's, by a key of that network. */
export function elsewhere(
  network: string,
  asset: string,
  decimals: number,
  line: DraftLine,
  more: object = {},
): Changes {
  return {
    draft: ({ document, lines }: Draft) => {
      const block = { network, height: '7', block: `0x${'05'.repeat(32)}`, time: TAKEN_AT, ...more };
      document.networks = [document.networks[1]!, block].sort((a, b) =>
        String(a.network) < String(b.network) ? -1 : 1,
      );
      document.holdings = [
        { network: 'eip155:1', asset: 'ETH', decimals: 18 },
        { network, asset, decimals, ...(line.token === undefined ? {} : { token: line.token }) },
      ];
      document.assets = [
        { symbol: 'ETH', scale: 9 },
        ...(asset === 'ETH' ? [] : [{ symbol: asset, scale: 6 }]),
      ].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
      document.holdings.sort((a, b) => (String(a.network) < String(b.network) ? -1 : 1));
      const own = [lines[1]!, { network, asset, class: 'own', ...line }];
      lines.splice(0, 3, ...own.sort((a, b) => (String(a.network) < String(b.network) ? -1 : 1)));
    },
  };
}

/** A publication one asset of which has one level, and, where it is claimed, one reason. */
export interface LevelCase {
  readonly name: string;
  readonly level: 'proved' | 'checked' | 'claimed';
  readonly reason?: Reason;
  readonly symbol: string;
  readonly made: () => Made;
  readonly blocks?: Readonly<Record<string, string>>;
  /** JSON of the verifier's own coins. */
  readonly tokens?: object;
}

const DOCUMENT = draft().document as unknown as Stated;
const TEXT = signedText(DOCUMENT);
const ether = (more: object): Changes => ({ draft: ({ lines }) => Object.assign(lines[1]!, more) });
const evidence = (text: string, more: object = {}) => ({
  ownership: { scheme: 'eip191', signatures: [eip191(text, ALICE)], ...more },
});
const eth = (
  name: string,
  level: LevelCase['level'],
  changes: Changes,
  more: Partial<LevelCase> = {},
): LevelCase => ({ ...{ name, level, symbol: 'ETH' }, made: () => make(changes), ...more });

/** Each level, and each reason for no more than the word of the operator; the first is the honest twin of all. */
export const LEVEL_CASES: readonly LevelCase[] = [
  eth('all of it shown', 'proved', {}),
  eth(
    'a standing text',
    'checked',
    ether(evidence(standingText(DOCUMENT, '2026-01-15'), { named: '2026-01-15' })),
  ),
  eth('keys with somebody else', 'claimed', ether({ class: 'custodian' }), { reason: 'custodian' }),
  eth('no evidence', 'claimed', ether({ ownership: undefined }), { reason: 'none' }),
  eth('a reserved scheme', 'claimed', ether({ ownership: { scheme: 'eip712' } }), { reason: 'unsupported' }),
  eth('a legacy text', 'claimed', ether(evidence('I am an OKX address', { message: 0 })), {
    reason: 'undated',
  }),
  eth('a contract for itself', 'claimed', ether({ ownership: { scheme: 'eip1271', signatures: ['0x'] } }), {
    reason: 'unchecked',
  }),
  eth('no one spelling', 'claimed', doubled(), { reason: 'doubles', symbol: 'USDC' }),
  eth(
    'other code than known',
    'claimed',
    {},
    {
      ...{ reason: 'token', symbol: 'USDT' },
      tokens: tether({ code: [`0x${'11'.repeat(32)}`] }),
    },
  ),
  eth('a block that nobody confirms', 'claimed', {}, { reason: 'block', blocks: {} }),
  eth('a key that can be changed', 'claimed', rotating(), {
    ...{ reason: 'rotation', symbol: 'USDC' },
    blocks: { ...CONFIRMED, 'eip155:137': BLOCK.block },
    tokens: { [`eip155:137/${USDT}`]: { asset: 'USDC', decimals: 6 } },
  }),
  eth('a frozen token', 'claimed', frozen(), {
    ...{ reason: 'frozen', symbol: 'USDT' },
    tokens: tether({ bits: 22 }),
  }),
  eth('no balance', 'claimed', ether({ balance: undefined }), { reason: 'balance' }),
];

function tether(more: object): object {
  const code = ['0xb44fb4e949d0f78f87f79ee46428f23a2a5713ce6fc6e0beb3dda78c2ac1ea55'];
  return { [`eip155:1/${USDT}`]: { asset: 'USDT', decimals: 6, slot: '2', code, since: '1', ...more } };
}

/** 5,000,001 has its 23rd bit set: with a rule of 22 bits that bit says frozen. */
function frozen(): Changes {
  return { draft: ({ lines }) => (lines[2]!.amount = (5_000_001 % 2 ** 22).toString()) };
}

function doubled(): Changes {
  const key = edKey('alice');
  const ownership = { scheme: 'ed25519', key: toHex(key.key), signatures: [signEd(utf8(TEXT), key)] };
  const address = toHex(key.key).slice(2);
  return elsewhere('near', 'USDC', 6, { address, amount: '5', token: 'usdc.near', ownership });
}

function rotating(): Changes {
  const header = { header: BLOCK.header, block: BLOCK.block, height: '23900000' };
  const line = { address: ALICE.evm, amount: '7', token: USDT, ...evidence(TEXT) };
  return elsewhere('eip155:137', 'USDC', 6, line, header);
}
