import { toHex, utf8 } from '@solvent-por/kzg';
import { verifyBalance, verifyOwnership } from '@solvent-por/reserves';
import { bitcoinMessage, edKey, eip191, secpKey, signEd } from '../../packages/reserves/testing/keys';

/** Time that each is measured for, after a warm-up. */
const MILLISECONDS = 1500;
const KEYS = 60;
const TEXT =
  'exchange.example controls this address. Solvent proof of reserves 0x91fa93982cfffd29bae27c4b36b908fae55bd660b0162c639b3fda367eb2d5e7';

/** An entry of bip322-vectors.json. */
interface Vector {
  readonly id: string;
  readonly type?: string;
  readonly expected: string;
  readonly evidence?: {
    readonly network: string;
    readonly address: string;
    readonly message: string;
    readonly ownership: unknown;
  };
}

/** Files of test-vectors/reserves: bip322-vectors.json and evm-proofs.json. */
export interface RatesVectors {
  readonly bip322: { readonly vectors: readonly Vector[] };
  readonly evm: { readonly proofs: readonly Readonly<Record<string, unknown>>[] };
}

/**
 * How many signatures and state proofs are judged in a second; any runtime.
 * @param clock milliseconds so far, of CPU time where that can be had
 */
export function reservesRates(vectors: RatesVectors, clock: () => number): Readonly<Record<string, number>> {
  const rates: Record<string, number> = {};
  const measure = (name: string, judge: (i: number) => { readonly verdict: string }) => {
    for (let i = 0; i < 20; i++)
      if (judge(i).verdict !== 'right') throw new Error(`${name} is not right: nothing to measure`);
    const started = clock();
    const used = () => clock() - started;
    let judged = 0;
    while (used() < MILLISECONDS) judge(judged++ % KEYS);
    rates[name] = Math.round((1000 * judged) / used());
  };
  const keys = Array.from({ length: KEYS }, (_, i) => secpKey(`bench ${i}`));
  const evm = keys.map((key) => eip191(TEXT, key));
  measure('eip191', (i) =>
    verifyOwnership('eip155:1', keys[i]!.evm, TEXT, { scheme: 'eip191', signatures: [evm[i]] }),
  );
  const bitcoin = keys.map((key) => bitcoinMessage(TEXT, key));
  measure('bitcoin-message', (i) =>
    verifyOwnership('bitcoin', keys[i]!.p2pkh, TEXT, { scheme: 'bitcoin-message', signatures: [bitcoin[i]] }),
  );
  const others = Array.from({ length: KEYS }, (_, i) => edKey(`bench ${i}`));
  const signed = others.map((key) => signEd(utf8(TEXT), key));
  measure('ed25519', (i) => {
    const key = toHex(others[i]!.key);
    return verifyOwnership('near', key.slice(2), TEXT, { scheme: 'ed25519', key, signatures: [signed[i]] });
  });
  const bip322 = vectors.bip322.vectors.filter(({ expected }) => expected === 'right');
  for (const type of ['p2wpkh', 'p2tr', 'p2wsh-multisig-2of2']) {
    const { network, address, message, ownership } = bip322.find((one) => one.type === type)!.evidence!;
    measure(`bip322, ${type}`, () => verifyOwnership(network, address, message, ownership));
  }
  for (const [name, id] of [
    ['state proof, account (mainnet)', 'mainnet-0x388c818c'],
    ['state proof, token', 'geth-token0-0x35508542'],
  ] as const) {
    const {
      id: _,
      source: _s,
      network: _n,
      expected: _e,
      ...evidence
    } = vectors.evm.proofs.find((proof) => proof['id'] === id)!;
    measure(name, () => verifyBalance(evidence));
  }
  return rates;
}
