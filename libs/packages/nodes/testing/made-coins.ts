import type { NetworkBlock } from '@solvent-por/reserves';
import { bitcoinMessage, secpKey } from '../../reserves/testing/keys';
import { publish, type Published } from './published';

export const ALICE = secpKey('alice');
export const AMOUNT = 123_456_789n;
export const TIME = Date.parse('2026-11-29T23:51:07Z') / 1000;
export const [OWN, NEXT] = ['0a'.repeat(32), '0b'.repeat(32)];
/** A made-up block, six deep. */
export const COIN_BLOCK: NetworkBlock = {
  ...{ network: 'bitcoin', height: '900000', block: `0x${OWN}`, time: '2026-11-29T23:51:07Z' },
};

/** Alice's bitcoin at the made-up block. */
export function madeCoins(
  amount = AMOUNT,
  more: readonly Readonly<Record<string, unknown>>[] = [],
): Published {
  const options = {
    takenAt: '2026-11-30T00:00:00Z',
    networks: [COIN_BLOCK],
    assets: [{ symbol: 'BTC', scale: 8 }],
  };
  return publish(options, (text) => [
    {
      ...{ network: 'bitcoin', asset: 'BTC', address: ALICE.p2pkh, amount: amount.toString(), class: 'own' },
      ownership: { scheme: 'bitcoin-message', signatures: [bitcoinMessage(text, ALICE)] },
    },
    ...more,
  ]);
}
