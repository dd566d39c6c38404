import { createHash } from 'node:crypto';
import { DEVELOPMENT_WARNING, parseVerifyingKey, type VerifyingKey } from '@solvent-por/claims';
import { applyBeacon, newCeremony, powersOfTau, verifyingKeyOf } from './ceremony';
import { compileCircuit, type CompiledCircuit } from './compile';
import { developmentPowers } from './development-powers';
import { constraintCount } from './r1cs-header';
import { zkeyHistory } from './zkey-file';

/** Everything that claims of a layout of so many values are proved and verified with. */
export interface ClaimKeys extends CompiledCircuit {
  readonly zkey: Uint8Array;
  readonly verifyingKey: VerifyingKey;
  /** The bytes of the verifying key's document. */
  readonly document: Uint8Array;
}

/**
 * A development set-up: the same bytes wherever it is made, from secrets that everybody can compute.
 * @param values published values of the layout
 * @throws SolventError CLAIM_TOOLS_MISSING (kind usage)
 */
export async function developmentKeys(values: number): Promise<ClaimKeys> {
  const circuit = await compileCircuit(values);
  const powers = await powersOfTau(await developmentPowers(constraintCount(circuit.r1cs).exponent));
  const beacon = createHash('sha256').update(DEVELOPMENT_WARNING).digest();
  const begun = await newCeremony(circuit, powers);
  const { zkey } = await applyBeacon(begun, DEVELOPMENT_WARNING, beacon);
  const { contributions } = zkeyHistory(zkey);
  const setUp = { kind: 'development', powersOfTau: powers.digest, contributions } as const;
  const document = await verifyingKeyOf(values, circuit, setUp, zkey);
  return { ...circuit, zkey, verifyingKey: parseVerifyingKey(document), document };
}
