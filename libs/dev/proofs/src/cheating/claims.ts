import { OpeningChecks, type G1Point, type KzgVerifier, type Opening } from '@solvent-por/kzg';
import { verifyBatches, type BatchProof, type ProofContext } from '@solvent-por/verifier';
import { referenceFailures } from './reference-verifier';

/** Keeps every claim apart, to be checked by itself. */
class SeparateClaims extends OpeningChecks {
  readonly openings: Opening[] = [];
  readonly claims: { readonly name: string; readonly holds: (kzg: KzgVerifier) => boolean }[] = [];
  private relations = 0;

  override add(opening: Opening): void {
    this.openings.push(opening);
    const name = ['zeta', 'omegaZeta', 'zero'][this.claims.length]!;
    this.keep(name, (checks) => checks.add(opening));
  }

  override addIdentity(points: readonly G1Point[], scalars: readonly bigint[]): void {
    this.keep(`relation ${this.relations++}`, (checks) => checks.addIdentity(points, scalars));
  }

  private keep(name: string, claim: (checks: OpeningChecks) => void): void {
    this.claims.push({
      name,
      holds: (kzg) => {
        const alone = new OpeningChecks();
        claim(alone);
        return alone.holds(kzg);
      },
    });
  }
}

/**
 * Which claims of a proof are false: `zeta`, `omegaZeta`, `zero`, `relation 0` … Empty for a valid one.
 * The verifier's verdict on all of them together, and the second implementation's on each, must agree.
 * @throws Error when they don't
 */
export function failingClaims(proof: BatchProof, context: ProofContext): string[] {
  const separate = new SeparateClaims();
  if (!verifyBatches(proof, context, separate)) return ['alpha'];
  const failing = separate.claims.filter(({ holds }) => !holds(context.kzg)).map(({ name }) => name);
  const reference = referenceFailures(proof, context);
  if (failing.join() !== reference.join())
    throw new Error(`the verifier finds ${failing.join()} false, the reference ${reference.join()}`);
  const together = new OpeningChecks();
  verifyBatches(proof, context, together);
  if (together.holds(context.kzg) !== (failing.length === 0))
    throw new Error(`claims checked together and one by one disagree: ${failing.join()}`);
  return failing;
}

/** What a proof claims to open: at ζ, at ωζ and at 0. */
export function claimedOpenings(proof: BatchProof, context: ProofContext): readonly Opening[] {
  const separate = new SeparateClaims();
  verifyBatches(proof, context, separate);
  return separate.openings;
}
