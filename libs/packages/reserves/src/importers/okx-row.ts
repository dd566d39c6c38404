import { KNOWN_COINS } from '../known/coins';
import { malformed } from '../failure';
import { TON } from '../addresses/ton';
import { bytesOf } from '../hex';
import { verifyOwnership, type OwnershipVerdict } from '../verify-ownership';
import { networkOf } from '../addresses/networks';
import { OKX_COINS, type OkxCoin } from './okx-coins';
import { canonicalAddress, canonicalHex, canonicalRsv, hexOfBase64 } from './spellings';

/** One row of OKX's files, whatever their form; '' where a column says nothing. */
export interface OkxRow {
  /** OKX's name of the coin, or of the network (2025). */
  readonly coin: string;
  /** `Native ETH Staking`, … */
  readonly type: string;
  readonly asset: string;
  readonly address: string;
  readonly message: string;
  readonly signature1: string;
  readonly signature2: string;
  /** Redeem script, or public key. */
  readonly key: string;
  readonly owner1: string;
  readonly owner2: string;
}

/** Evidence in our form, of a network of section 6. */
export interface OkxEvidence {
  readonly network: string;
  readonly address: string;
  readonly staked: boolean;
  readonly ownership: Readonly<Record<string, unknown>>;
}

/** Of contracts that live elsewhere than they say, and of validators' keys, which show no control. */
const UNSUPPORTED = { scheme: 'okx-bls' };
const V4R2_ID = 698_983_191;
/** In the order in which they are tried. */
const TON_WALLETS = [
  { wallet: 'v3r2', walletId: V4R2_ID },
  { wallet: 'v4r2', walletId: V4R2_ID },
  { wallet: 'highload-v3', walletId: 4269, timeout: 43_200 },
  { wallet: 'v3r1', walletId: V4R2_ID },
] as const;

/**
 * The evidence of a row.
 * @returns undefined where the coin is none that section 6 has a network for
 * @throws SolventError ADDRESS_MALFORMED | ROW_MALFORMED
 */
export function okxEvidence(row: OkxRow): OkxEvidence | undefined {
  const coin = OKX_COINS.get(row.coin);
  const staking = stakingEvidence(row);
  if (staking) return staking;
  if (!coin) return undefined;
  // Any EVM chain has the same addresses and signatures.
  const network = coin.network || (coin.kind === 'evm' ? 'eip155:1' : '');
  if (network === '') return undefined;
  if (networkOf(network).family === 'not judged' || coin.kind === 'none')
    return { network, address: row.address, staked: false, ownership: { scheme: 'eos' } };
  const address = canonicalAddress(network, row.address);
  return { network, address, staked: false, ownership: ownershipOf(row, coin, network, address) };
}

/** @returns the verdict, and the ownership that it is of: TRON's text is signed in one of two ways */
export function judgeOkx(
  { network, address, ownership }: OkxEvidence,
  message: string,
): { readonly verdict: OwnershipVerdict; readonly ownership: OkxEvidence['ownership'] } {
  const verdict = verifyOwnership(network, address, message, ownership);
  if (ownership.scheme !== 'tron-hash' || verdict.verdict === 'right') return { verdict, ownership };
  const other = { ...ownership, scheme: 'tron-message' };
  return { verdict: verifyOwnership(network, address, message, other), ownership: other };
}

function stakingEvidence(row: OkxRow): OkxEvidence | undefined {
  const address = row.address.toLowerCase();
  if (row.type === 'Native ETH Staking') {
    const owners = [canonicalAddress('eip155:1', row.owner1)];
    const ownership = {
      scheme: 'owners',
      form: 'okx-evm',
      owners,
      signatures: [canonicalRsv(row.signature1)],
    };
    return { network: 'beacon', address, staked: true, ownership };
  }
  if (row.type !== 'Eigenlayer Staking' && row.coin !== 'BETH') return undefined;
  return { network: 'beacon', address, staked: true, ownership: UNSUPPORTED };
}

function ownershipOf(
  row: OkxRow,
  { kind }: OkxCoin,
  network: string,
  address: string,
): OkxEvidence['ownership'] {
  const signatures = [row.signature1, row.signature2].filter((text) => text !== '');
  switch (kind) {
    case 'utxo':
      return utxo(signatures, row.key);
    case 'tron':
      return { scheme: 'tron-hash', signatures: signatures.map(canonicalRsv) };
    case 'ecdsa':
      return { scheme: 'okx-ecdsa', signatures: signatures.map(canonicalRsv) };
    case 'evm':
      return evm(row, signatures, network);
    default:
      return ed25519(row, signatures, network, address);
  }
}

function evm(row: OkxRow, signatures: readonly string[], network: string): OkxEvidence['ownership'] {
  if (row.owner1 === '') return { scheme: 'okx-evm', signatures: signatures.map(canonicalRsv) };
  const owners = [row.owner1, ...(row.signature2 === '' ? [] : [row.owner2])].map((owner) =>
    canonicalAddress(network, owner),
  );
  return { scheme: 'owners', form: 'okx-evm', owners, signatures: signatures.map(canonicalRsv) };
}

function utxo(signatures: readonly string[], key: string): OkxEvidence['ownership'] {
  const script = /ae$/i.test(key) ? { script: canonicalHex(key) } : {};
  const isHex = signatures.every((text) => /^(?:0x)?[0-9a-fA-F]{130}$/.test(text));
  if (isHex && signatures.length > 0)
    return { scheme: 'okx-ecdsa', signatures: signatures.map(canonicalRsv), ...script };
  return {
    scheme: 'bitcoin-message',
    signatures: signatures.map((text) => hexOfBase64(text) ?? text),
    ...script,
  };
}

function ed25519(
  row: OkxRow,
  signatures: readonly string[],
  network: string,
  address: string,
): OkxEvidence['ownership'] {
  const key = canonicalHex(row.key);
  const own = { scheme: 'okx-ed25519', key, signatures: signatures.map(canonicalHex) };
  if (network === 'ton') return { ...own, ...tonWallet(key, address) };
  return row.owner1 === '' ? own : { ...own, rotated: true };
}

/** The first kind of wallet whose address it is; where it is none's, the first: it will be wrong. */
function tonWallet(key: string, address: string): (typeof TON_WALLETS)[number] {
  const bytes = bytesOf(key, 32);
  const account = TON.read(address);
  if (bytes?.length !== 32 || !account) return TON_WALLETS[0];
  return TON_WALLETS.find((wallet) => TON.ofEd25519!(account, bytes, wallet)) ?? TON_WALLETS[0];
}

/** Tokens whose contract this verifier knows by OKX's name. */
const TOKENS: Readonly<Record<string, string>> = {
  'USDT-ERC20': '0xdac17f958d2ee523a2206206994597c13d831ec7',
  USDC: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
  'USDT-TRC20': 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t',
};
const IS_TOKEN =
  /^(?:USD[CTG]|POLY-USD|OKB-X1-(?:ETH|USD))|(?:-(?:OKC20|KIP20)|^BABYDOGE-BSC|^BLUR|^LINK|^OKB|^PEOPLE|^SHIB|^UNI|^MERLIN_BTC|^THETA)$/;

/**
 * What a line says of a row's coin: undefined where its chain is not known by OKX's name, or the token's
 * contract.
 */
export function okxHolding(
  row: OkxRow,
  { network, staked }: OkxEvidence,
): { readonly asset: string; readonly decimals: number; readonly token?: string } | undefined {
  if (staked) return { asset: 'ETH', decimals: KNOWN_COINS.beacon!.decimals };
  const coin = OKX_COINS.get(row.coin);
  if (!coin || coin.network === '') return undefined;
  if (!IS_TOKEN.test(row.coin)) {
    const known = Object.hasOwn(KNOWN_COINS, network) ? KNOWN_COINS[network] : undefined;
    if (known) return { asset: known.asset, decimals: known.decimals };
    const decimals = coin.decimals ?? (network.startsWith('eip155:') ? 18 : undefined);
    return decimals === undefined ? undefined : { asset: symbolOf(row.asset), decimals };
  }
  const own = Object.hasOwn(TOKENS, row.coin) ? TOKENS[row.coin] : undefined;
  const strict = network.startsWith('eip155:') || network === 'tron';
  if (coin.decimals === undefined || (strict && own === undefined)) return undefined;
  return { asset: symbolOf(row.asset), decimals: coin.decimals, token: own ?? row.coin };
}

/** `USDT-TRC20` → `USDT`. @throws SolventError ROW_MALFORMED */
function symbolOf(asset: string): string {
  const symbol = /^[A-Z0-9]{1,16}/.exec(asset)?.[0];
  return (
    symbol ?? malformed('ROW_MALFORMED', `${JSON.stringify(asset.slice(0, 40))} is no symbol of an asset`)
  );
}

/** Decimals of a coin by OKX's name, for amounts; 36 where nobody says. */
export function okxDecimals(row: OkxRow, evidence: OkxEvidence | undefined): number {
  if (evidence?.staked) return KNOWN_COINS.beacon!.decimals;
  const coin = OKX_COINS.get(row.coin);
  const own = evidence && !IS_TOKEN.test(row.coin) ? KNOWN_COINS[evidence.network] : undefined;
  return own?.decimals ?? coin?.decimals ?? (coin?.kind === 'evm' ? 18 : 36);
}
