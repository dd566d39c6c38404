import { concat } from '@solvent-por/kzg';
import { verifyEd25519 } from '@solvent-por/verifier';
import type { TonWallet } from '../addresses/network';
import { bytesOf, hexOf } from '../hex';
import { TON_WALLETS } from '../known/ton-wallets';
import { vs } from './compact-size';
import { ownershipMalformed, ownershipUntrue, oneSignature, type Claim, type Scheme } from './evidence';
import { OKX_PREFIX } from './okx-ecdsa';

const TON_MEMBERS = ['wallet', 'walletId', 'timeout'] as const;

export const ED25519 = signed((text) => text);
export const OKX_ED25519 = signed((text) => concat(OKX_PREFIX, vs(text)));

function signed(content: (text: Uint8Array) => Uint8Array): Scheme {
  return {
    required: ['signatures', 'key'],
    optional: [...TON_MEMBERS, 'rotated'],
    fits: ({ ofEd25519 }) => ofEd25519 !== undefined,
    judge: (claim) => {
      const key = bytesOf(claim.ownership.key, 32);
      if (key?.length !== 32) return ownershipMalformed('key must be 32 bytes, 0x and lower-case hex');
      const wallet = walletOf(claim);
      const rotated = isRotated(claim);
      const signature = oneSignature(claim, 64);
      const own = claim.network.ofEd25519!(claim.account, key, wallet);
      if (rotated && own) ownershipUntrue('the key is the one that the address was made of, and not rotated');
      if (!rotated && !own) ownershipUntrue('the key is not the one of the address');
      if (!verifyEd25519(signature, content(claim.text), key))
        ownershipUntrue('the signature is not by this key over this text');
      return rotated
        ? { verdict: 'unchecked', question: { kind: 'key', key: hexOf(key) } }
        : { verdict: 'right', key: hexOf(key) };
    },
  };
}

/** `rotated: true`, where accounts outlive their keys; a name on NEAR was never made of one. */
function isRotated({ network, account, ownership }: Claim): boolean {
  const given = Object.hasOwn(ownership, 'rotated');
  if (given && (ownership.rotated !== true || network.rotated !== true))
    ownershipMalformed('rotated may only be true, and only where the key of an account can be changed');
  if (!given && account.kind === 'named') ownershipMalformed('a name on NEAR needs rotated: true');
  return given;
}

function walletOf({ network, ownership }: Claim): TonWallet | undefined {
  if (network.name !== 'ton') {
    if (TON_MEMBERS.some((name) => Object.hasOwn(ownership, name)))
      ownershipMalformed('wallet, walletId and timeout are for ton alone');
    return undefined;
  }
  const { wallet, walletId, timeout } = ownership;
  if (typeof wallet !== 'string' || !Object.hasOwn(TON_WALLETS, wallet))
    return ownershipMalformed(`wallet must be one of ${Object.keys(TON_WALLETS).join(', ')}`);
  if (!isInteger(walletId, 0, 2 ** 32 - 1)) return ownershipMalformed('walletId must have 32 bits');
  if (wallet !== 'highload-v3') {
    if (Object.hasOwn(ownership, 'timeout')) ownershipMalformed('timeout is for highload-v3 alone');
    return { wallet, walletId };
  }
  if (!isInteger(timeout, 1, 2 ** 22 - 1)) return ownershipMalformed('timeout must be 1 to 4194303');
  return { wallet, walletId, timeout };
}

function isInteger(value: unknown, minimum: number, maximum: number): value is number {
  return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}
