import { parseClaim, parseVerifyingKey, type VerifyingKeyDocument } from '@solvent-por/claims';
import { fromBytes, hexBytes, utf8 } from '@solvent-por/kzg';
import {
  claimVectors,
  expectedOutcome,
  loadVectors,
  type ClaimVectorInput,
  type Vector,
} from '@solvent-por/dev/proofs';
import { parseManifest } from '@solvent-por/verifier';
import { endSnarkjs, loadSnarkjs, type Snarkjs } from './snarkjs';
import { g1ToSnarkjs, g2ToSnarkjs, proofToSnarkjs } from './snarkjs-form';

let snarkjs: Snarkjs;
beforeAll(async () => {
  snarkjs = await loadSnarkjs();
});
afterAll(endSnarkjs);

function snarkjsKey(document: VerifyingKeyDocument): object {
  const g1 = (hex: string) => g1ToSnarkjs(hexBytes(hex, 64));
  const g2 = (hex: string) => g2ToSnarkjs(hexBytes(hex, 128));
  return {
    ...{ protocol: 'groth16', curve: 'bn128', nPublic: document.ic.length - 1 },
    vk_alpha_1: g1(document.alpha),
    vk_beta_2: g2(document.beta),
    vk_gamma_2: g2(document.gamma),
    vk_delta_2: g2(document.delta),
    IC: document.ic.map(g1),
  };
}

/** What snarkjs says of a vector whose documents can be read. */
async function saysSnarkjs({ input }: Vector): Promise<boolean> {
  const { manifest, key, claim: text } = input as ClaimVectorInput;
  const claim = parseClaim(utf8(text));
  const { claimRoot } = parseManifest(utf8(manifest));
  const signals = [
    fromBytes(hexBytes(claimRoot, 32)),
    BigInt(claim.value),
    claim.threshold,
    fromBytes(claim.scope),
    fromBytes(claim.challenge),
    claim.nullifier,
  ].map(String);
  const { document } = parseVerifyingKey(utf8(key));
  return snarkjs.groth16.verify(snarkjsKey(document), signals, proofToSnarkjs(claim.proof));
}

test('snarkjs says the same of every claim that comes before the pairing', async () => {
  const vectors = loadVectors('claims');
  expect(vectors).toHaveLength(claimVectors().length);
  let compared = 0;
  for (const vector of vectors) {
    const [kind, , result] = expectedOutcome(vector);
    const { code } = result as { code?: string };
    if (kind !== 'correct' && code !== 'CLAIM_PROOF') continue;
    compared++;
    expect([vector.name, await saysSnarkjs(vector)]).toEqual([vector.name, kind === 'correct']);
  }
  expect(compared).toBeGreaterThanOrEqual(18);
});

test('what snarkjs alone would let pass is refused here: it takes a short list of signals for one of zeros', async () => {
  const vector = loadVectors('claims').find(({ name }) => name === 'exactly-the-balance')!;
  const { key } = vector.input as ClaimVectorInput;
  const claim = parseClaim(utf8((vector.input as ClaimVectorInput).claim));
  const { document } = parseVerifyingKey(utf8(key));
  // It computes an answer instead of refusing; whoever has a proof for zeros could leave signals out.
  await expect(snarkjs.groth16.verify(snarkjsKey(document), [], proofToSnarkjs(claim.proof))).resolves.toBe(
    false,
  );
});
