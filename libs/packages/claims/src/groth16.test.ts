import { fromBytes, hexBytes } from '@solvent-por/kzg';
import { madeClaims } from '@solvent-por/dev/proofs';
import { BN254_R } from './field';
import { verifyGroth16 } from './groth16';

const { claim: made, verifyingKey, snapshot } = madeClaims();
const { proof, value, threshold, scope, challenge, nullifier } = made('exactly');
const signals = [
  fromBytes(hexBytes(snapshot.manifest.claimRoot, 32)),
  BigInt(value),
  threshold,
  fromBytes(scope),
  fromBytes(challenge),
  nullifier,
];

const replaced = <T>(list: readonly T[], at: number, value: T) =>
  list.map((each, i) => (i === at ? value : each));

test('a proof holds for its public signals', () => {
  expect(verifyGroth16(verifyingKey, signals, proof)).toBe(true);
});

test('a public signal that is missing, one too many, or another number by the order is refused before', () => {
  const refused = (list: readonly unknown[]) =>
    expect(() => verifyGroth16(verifyingKey, list as bigint[], proof)).toThrow(
      expect.objectContaining({ code: 'CLAIM_SIGNALS', kind: 'malformed' }),
    );
  refused([]);
  for (let length = 1; length < signals.length; length++) refused(signals.slice(0, length));
  refused([...signals, 0n]);
  signals.forEach((signal, i) => {
    refused(replaced(signals, i, signal + BN254_R));
    refused(replaced(signals, i, signal - BN254_R));
    refused(replaced(signals as unknown[], i, signal.toString()));
    refused(replaced(signals as unknown[], i, undefined));
  });
  refused(replaced(signals, 1, BN254_R));
});

test('each signal counts: changed by one, the proof does not hold', () => {
  signals.forEach((signal, i) =>
    expect(verifyGroth16(verifyingKey, replaced(signals, i, (signal + 1n) % BN254_R), proof)).toBe(false),
  );
});

test('a proof that is no 256 bytes is refused', () => {
  for (const bytes of [new Uint8Array(0), proof.slice(1), new Uint8Array(257)])
    expect(() => verifyGroth16(verifyingKey, signals, bytes)).toThrow(
      expect.objectContaining({ code: 'CLAIM_POINT' }),
    );
});

test('which of its points is none is said', () => {
  for (const [member, from, to] of [
    ['proof.a', 0, 64],
    ['proof.b', 64, 192],
    ['proof.c', 192, 256],
  ] as const)
    expect(() => verifyGroth16(verifyingKey, signals, proof.slice().fill(0, from, to))).toThrow(
      expect.objectContaining({ code: 'CLAIM_POINT', kind: 'malformed', details: { member } }),
    );
});
