import {
  Address,
  NETWORK,
  OutScript,
  p2ms,
  p2pkh,
  p2sh,
  p2wpkh,
  p2wsh,
  Transaction,
} from '@scure/btc-signer';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { startBtcd, type Btcd, type Lie } from '@solvent-por/dev/chain-nodes';
import type { NetworkBlock } from '@solvent-por/reserves';
import { bitcoinMessage, secpKey, type SecpKey } from '../../reserves/testing/keys';
import { utc } from './evm-world';
import { publish, type Published } from './published';

export const ALICE = secpKey('alice');
export const BOB = secpKey('bob');
const MINER = secpKey('miner');

/** Of btcd; publications have the main network's spellings, so that what stands between translates. */
const REGTEST = { bech32: 'bcrt', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef };
const FEE = 10_000n;
const COIN = 100_000_000;

const keyOf = ({ secret }: SecpKey) => secp256k1.getPublicKey(secret, true);

/** Addresses of the main network. */
export const ADDRESSES = {
  p2pkh: p2pkh(keyOf(ALICE)).address!,
  p2sh: p2sh(p2ms(2, [keyOf(ALICE), keyOf(BOB)])).address!,
  p2wsh: p2wsh(p2ms(2, [keyOf(ALICE), keyOf(BOB)])).address!,
  miner: p2wpkh(keyOf(MINER)).address!,
  unused: p2wpkh(keyOf(BOB)).address!,
};
/** What was sent to each before the stated block, in satoshis. */
export const SENT = { p2pkh: 123_456_789n, p2sh: 100_000_001n, p2wsh: 2_000_000_000n };

export interface BitcoinWorld {
  readonly btcd: Btcd;
  readonly block: NetworkBlock;
  readonly height: number;
  blockAt(height: number): Promise<NetworkBlock>;
}

interface BlockHeader {
  readonly hash: string;
  readonly time: number;
}

/**
 * A chain on which coins were sent to Alice in a block that is not above the stated one, and some of them were
 * sent on in one that is.
 */
export async function bitcoinWorld(): Promise<BitcoinWorld> {
  const btcd = await startBtcd(regtest(ADDRESSES.miner));
  await btcd.generate(110);
  const first = await spend(
    btcd,
    1,
    Object.entries(SENT).map(([name, amount]) => [ADDRESSES[name as 'p2pkh'], amount]),
  );
  await btcd.generate(20);
  const height = await lastOfItsSecond(btcd, 112);
  // Above the stated block: what is not to count any more, and what is not to count yet.
  await sendOn(btcd, first);
  await btcd.generate(10);
  const blockAt = async (at: number): Promise<NetworkBlock> => {
    const { hash, time } = await headerAt(btcd, at);
    return { network: 'bitcoin', height: String(at), block: `0x${hash}`, time: utc(time) };
  };
  return { btcd, height, block: await blockAt(height), blockAt };
}

/** Spells addresses as regtest does, on their way to the node. */
export const translated: Lie = (call, answer) => {
  const [address, ...rest] = call.params as [string, ...unknown[]];
  if (call.method === 'searchrawtransactions') Object.assign(call, { params: [regtest(address), ...rest] });
  return answer();
};

export interface HeldCoins {
  readonly amount?: bigint;
  readonly more?: readonly Readonly<Record<string, unknown>>[];
  readonly takenAt?: string;
}

/** Alice's signed P2PKH address, and what else is held, without evidence. */
export function publishCoins(
  block: NetworkBlock,
  { amount = SENT.p2pkh, more = [], takenAt = block.time }: HeldCoins = {},
): Published {
  return publish({ takenAt, networks: [block], assets: [{ symbol: 'BTC', scale: 8 }] }, (text) => [
    {
      ...held(ADDRESSES.p2pkh, amount),
      ownership: { scheme: 'bitcoin-message', signatures: [bitcoinMessage(text, ALICE)] },
    },
    ...more,
  ]);
}

export function held(address: string, amount: bigint): Readonly<Record<string, unknown>> {
  return { network: 'bitcoin', asset: 'BTC', address, amount: amount.toString(), class: 'own' };
}

function regtest(address: string): string {
  return Address(REGTEST).encode(Address(NETWORK).decode(address));
}

/** Of two blocks with the same time the first is not the last one before any moment. */
async function lastOfItsSecond(btcd: Btcd, from: number): Promise<number> {
  for (let height = from; ; height++) {
    const [own, next] = await Promise.all([headerAt(btcd, height), headerAt(btcd, height + 1)]);
    if (own.time < next.time) return height;
  }
}

async function headerAt(btcd: Btcd, height: number): Promise<BlockHeader> {
  return btcd.rpc<BlockHeader>('getblockheader', await btcd.rpc<string>('getblockhash', height), true);
}

/** Spends the coinbase at a height; the rest goes back to the miner. @returns the transaction */
async function spend(
  btcd: Btcd,
  height: number,
  outputs: readonly (readonly [string, bigint])[],
): Promise<Transaction> {
  const block = await btcd.rpc<{ readonly tx: readonly string[] }>(
    'getblock',
    await btcd.rpc<string>('getblockhash', height),
    1,
  );
  const coinbase = await btcd.rpc<{ readonly vout: readonly { readonly value: number }[] }>(
    'getrawtransaction',
    block.tx[0],
    1,
  );
  const amount = BigInt(Math.round(coinbase.vout[0]!.value * COIN));
  const transaction = new Transaction();
  const { script } = p2wpkh(keyOf(MINER));
  transaction.addInput({ txid: block.tx[0]!, index: 0, witnessUtxo: { script, amount } });
  let rest = amount - FEE;
  for (const [address, value] of outputs) {
    transaction.addOutputAddress(address, value);
    rest -= value;
  }
  transaction.addOutputAddress(ADDRESSES.miner, rest);
  transaction.sign(MINER.secret);
  transaction.finalize();
  await btcd.rpc('sendrawtransaction', transaction.hex);
  return transaction;
}

/** Alice's coins go on to the miner. */
async function sendOn(btcd: Btcd, from: Transaction): Promise<void> {
  const transaction = new Transaction();
  transaction.addInput({ txid: from.id, index: 0, nonWitnessUtxo: from.hex });
  transaction.addOutput({
    script: OutScript.encode(Address(NETWORK).decode(ADDRESSES.miner)),
    amount: SENT.p2pkh - FEE,
  });
  transaction.sign(ALICE.secret);
  transaction.finalize();
  await btcd.rpc('sendrawtransaction', transaction.hex);
}
