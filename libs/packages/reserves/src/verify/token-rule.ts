import type { KnownCoin } from '../known/known-coin';
import type { EvmAccount, SlotRule } from '../proofs/evm-balance';

/**
 * Where a token keeps its balances at a height, by what the verifier knows of it: nowhere that could be told
 * below `since`, without a slot, or where the contract has other code.
 */
export function tokenRule(
  coin: KnownCoin | undefined,
  contract: EvmAccount,
  height: string,
): { readonly rule?: SlotRule; readonly otherCode: boolean } {
  if (coin?.slot === undefined || BigInt(height) < BigInt(coin.since!)) return { otherCode: false };
  if (!coin.code!.includes(contract.code)) return { otherCode: true };
  return { rule: { slot: BigInt(coin.slot), bits: coin.bits ?? 256 }, otherCode: false };
}
