import { CLAIM_DEPTH, claimNullifier, pathBit, type ClaimFile } from '@solvent-por/claims';
import { fromBytes, ROWS } from '@solvent-por/kzg';

/** What is claimed of the account in a claim file. */
export interface ClaimRequest {
  /** Which of the published values. */
  readonly value: number;
  /** In smallest units. */
  readonly threshold: bigint;
  /** 31 bytes. */
  readonly scope: Uint8Array;
  /** 31 bytes, the partner's. */
  readonly challenge: Uint8Array;
}

/** The circuit's inputs by name, as numbers below BN254's order. */
export type CircuitInput = Readonly<Record<string, bigint | readonly bigint[]>>;

/** Inputs of circuits/balance-claim.circom. @param claimRoot as the manifest has it */
export function circuitInput(file: ClaimFile, request: ClaimRequest, claimRoot: bigint): CircuitInput {
  const place = ROWS * file.batch + file.row;
  return {
    claimRoot,
    value: BigInt(request.value),
    threshold: request.threshold,
    scope: fromBytes(request.scope),
    challenge: fromBytes(request.challenge),
    nullifier: claimNullifier(file.claimKey, request.scope),
    id: [fromBytes(file.id.subarray(0, 16)), fromBytes(file.id.subarray(16))],
    claimKey: fromBytes(file.claimKey),
    values: file.values,
    selected: file.values.map((_, v) => (v === request.value ? 1n : 0n)),
    siblings: file.path,
    path: Array.from({ length: CLAIM_DEPTH }, (_, j) => BigInt(pathBit(place, j))),
  };
}
