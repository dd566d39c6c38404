import { BIP322 } from './bip322';
import { BITCOIN_MESSAGE } from './bitcoin-message';
import { ED25519, OKX_ED25519 } from './ed25519';
import { EIP1271 } from './eip1271';
import { EIP191, OKX_EVM } from './ethereum-message';
import type { Scheme } from './evidence';
import { OKX_ECDSA } from './okx-ecdsa';
import { OWNERS } from './owners';
import { TRON_HASH, TRON_MESSAGE } from './tron-message';

/** The schemes of section 5 that this version judges. */
export const SCHEMES: Readonly<Record<string, Scheme>> = {
  'bitcoin-message': BITCOIN_MESSAGE,
  bip322: BIP322,
  eip191: EIP191,
  'okx-evm': OKX_EVM,
  eip1271: EIP1271,
  owners: OWNERS,
  'tron-message': TRON_MESSAGE,
  'tron-hash': TRON_HASH,
  'okx-ecdsa': OKX_ECDSA,
  ed25519: ED25519,
  'okx-ed25519': OKX_ED25519,
};

/** Names that later versions may judge; whatever stands beside them is not read. */
export const RESERVED: ReadonlySet<string> = new Set([
  'bip322-full',
  'bip322-funds',
  'eip712',
  'summa-evm',
  'okx-bls',
  'sr25519',
  'cip8',
  'sep53',
  'aptos-message',
  'sui-message',
  'ton-proof',
  'solana-offchain',
  'nep413',
  'adr036',
  'xrpl',
  'snip12',
  'eos',
]);

/** Those in which a key signs for its own account, so that code at the account would be a delegation. */
export const KEY_SCHEMES: ReadonlySet<string> = new Set(['eip191', 'okx-evm', 'okx-ecdsa']);
