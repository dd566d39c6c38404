import {
  checkClaimFile,
  claimNullifier,
  parseClaim,
  encodeClaim,
  verifyGroth16,
  type Claim,
  type ClaimFile,
  type VerifyingKey,
} from '@solvent-por/claims';
import { equalBytes, fromBytes, hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import { manifestDigest, type Manifest } from '@solvent-por/verifier';
import { sha256 } from '@noble/hashes/sha2.js';
import { circuitInput, type ClaimRequest } from './circuit-input';
import { proofFromSnarkjs } from './snarkjs-form';
import { loadSnarkjs, type MemoryFile } from './snarkjs';

/** What a claim is proved with. */
export interface ClaimArtefacts {
  readonly manifest: Manifest;
  readonly verifyingKey: VerifyingKey;
  /** The proving key, whose SHA-256 the verifying key names. */
  readonly zkey: Uint8Array;
  /** The witness generator, likewise. */
  readonly wasm: Uint8Array;
}

export interface ClaimProverOptions {
  /** Called as each step begins. */
  readonly onStep?: (step: 'checking' | 'witness' | 'proving' | 'verifying') => void;
  /** Without threads, for pages whose policy allows no workers made from text. */
  readonly singleThread?: boolean;
}

/**
 * Proves a claim, and verifies it before it is given out.
 *
 * @throws SolventError CLAIM_FILE_FOREIGN (kind invalid); CLAIM_BELOW (kind invalid): the account holds less;
 *   CLAIM_KEY (kind usage): the key is of another size, or the manifest does not name it; CLAIM_ARTEFACT (kind
 *   invalid): zkey or wasm are not those of the verifying key; CLAIM_TOOLS_MISSING (kind usage);
 *   CLAIM_SELF_CHECK (kind internal)
 */
export async function proveClaim(
  file: ClaimFile,
  request: ClaimRequest,
  artefacts: ClaimArtefacts,
  { onStep = () => {}, singleThread = false }: ClaimProverOptions = {},
): Promise<Claim> {
  const { manifest, verifyingKey } = artefacts;
  onStep('checking');
  checkClaimFile(file, manifest);
  refuseUnprovable(file, request, artefacts);
  const snarkjs = await loadSnarkjs();
  const claimRoot = fromBytes(hexBytes(manifest.claimRoot, 32));
  onStep('witness');
  const witness: MemoryFile = { type: 'mem' };
  const input = circuitInput(file, request, claimRoot);
  await snarkjs.wtns.calculate(
    input as Parameters<typeof snarkjs.wtns.calculate>[0],
    artefacts.wasm,
    witness,
  );
  onStep('proving');
  const { proof, publicSignals } = await snarkjs.groth16.prove(
    artefacts.zkey,
    witness as unknown as Uint8Array,
    undefined,
    { singleThread },
  );
  onStep('verifying');
  const claim: Claim = {
    manifest: manifestDigest(manifest),
    key: verifyingKey.digest,
    ...request,
    nullifier: claimNullifier(file.claimKey, request.scope),
    proof: proofFromSnarkjs(proof),
  };
  if (!verifyGroth16(verifyingKey, publicSignals.map(BigInt), claim.proof))
    throw new SolventError(
      'CLAIM_SELF_CHECK',
      'internal',
      'the proof that was just made does not verify: verifying and proving key do not belong together, please report it',
    );
  return parseClaim(encodeClaim(claim));
}

function refuseUnprovable(file: ClaimFile, request: ClaimRequest, artefacts: ClaimArtefacts): void {
  const { manifest, verifyingKey } = artefacts;
  const { values, files } = verifyingKey.document;
  const fail = (code: string, kind: 'usage' | 'invalid', message: string): never => {
    throw new SolventError(code, kind, message);
  };
  if (values !== file.values.length || !manifest.claimKeys?.includes(toHex(verifyingKey.digest)))
    fail(
      'CLAIM_KEY',
      'usage',
      'the verifying key is not one that the manifest names for its values: take the one its operator publishes',
    );
  const held = file.values[request.value];
  if (held === undefined)
    return fail('CLAIM_VALUE', 'usage', `the account has values 0 to ${file.values.length - 1}`);
  if (request.threshold < 0n || held < request.threshold)
    fail(
      'CLAIM_BELOW',
      'invalid',
      `the account holds ${held} smallest units, less than ${request.threshold}: no such claim can be made`,
    );
  for (const [name, bytes, digest] of [
    ['proving key', artefacts.zkey, files.zkey],
    ['witness generator', artefacts.wasm, files.wasm],
  ] as const)
    if (!equalBytes(sha256(bytes), hexBytes(digest, 32)))
      fail(
        'CLAIM_ARTEFACT',
        'invalid',
        `the ${name} is not the one that the verifying key names, ${digest}: fetch it anew`,
      );
}
