import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import {
  encodeClaim,
  MAX_ARTEFACT_BYTES,
  MAX_VERIFYING_KEY_BYTES,
  parseClaimFile,
  parseVerifyingKey,
  SHORT_BYTES,
  type VerifyingKey,
} from '@solvent-por/claims';
import { hexBytes, SolventError, toHex, utf8 } from '@solvent-por/kzg';
import type { ClaimToProve } from '@solvent-por/services/database';
import { readSmallFile } from '@solvent-por/snapshot/files';
import { parseManifest } from '@solvent-por/verifier';

export interface ClaimTask {
  readonly request: ClaimToProve;
  /** As it was published. */
  readonly manifest: Uint8Array;
}

interface Keys {
  readonly verifyingKey: VerifyingKey;
  readonly zkey: Uint8Array;
  readonly wasm: Uint8Array;
}

/**
 * Proves claims with keys from a folder, `<digest>.json`, `.zkey`, `.wasm` as `solvent ceremony export` writes
 * them, each compared with its digest. What proves is loaded on demand, and is no part of Solvent.
 *
 * @throws SolventError CLAIM_TOOLS_MISSING (usage)
 */
export async function start({ folder }: { readonly folder: string }) {
  // snarkjs' threads (web-worker) take themselves, within a thread, for the far side of one of theirs, and run what
  // `mod` names: here an empty text. Claims are made without them.
  Object.assign(workerData as object, { mod: 'data:,' });
  const { loadSnarkjs, proveClaim } = await import('@solvent-por/claims/prove');
  await loadSnarkjs();
  /** Of one key at a time: claims are about one snapshot, as a rule. */
  let kept: Keys | undefined;
  const keysOf = async (digest: string): Promise<Keys> => {
    if (kept && toHex(kept.verifyingKey.digest) === digest) return kept;
    kept = undefined;
    return (kept = await readKeys(folder, digest));
  };

  return {
    /**
     * @returns the claim's document
     * @throws SolventError CLAIM_KEY_NOT_SERVED (usage), CLAIM_KEY_DAMAGED (invalid), as `proveClaim`
     */
    async prove({ request, manifest }: ClaimTask): Promise<Uint8Array> {
      const { value, threshold, scope, challenge } = request;
      const keys = await keysOf(request.key);
      const claim = await proveClaim(
        parseClaimFile(utf8(request.file)),
        {
          ...{ value, threshold: BigInt(threshold) },
          ...{ scope: hexBytes(scope, SHORT_BYTES), challenge: hexBytes(challenge, SHORT_BYTES) },
        },
        { manifest: parseManifest(manifest), ...keys },
        // One core: the others are for batches.
        { singleThread: true },
      );
      return encodeClaim(claim);
    },
  };
}

async function readKeys(folder: string, digest: string): Promise<Keys> {
  const bytes = await read(folder, `${digest}.json`, MAX_VERIFYING_KEY_BYTES);
  const verifyingKey = parseVerifyingKey(bytes);
  if (toHex(verifyingKey.digest) !== digest)
    throw new SolventError(
      'CLAIM_KEY_DAMAGED',
      'invalid',
      `${digest}.json in the folder of claim keys has another digest than its name: put there what \`solvent ceremony export\` wrote`,
    );
  const { files } = verifyingKey.document;
  // Proving compares both with what the verifying key names.
  const [zkey, wasm] = await Promise.all([
    read(folder, `${files.zkey}.zkey`, MAX_ARTEFACT_BYTES),
    read(folder, `${files.wasm}.wasm`, MAX_ARTEFACT_BYTES),
  ]);
  return { verifyingKey, zkey, wasm };
}

/** @throws SolventError CLAIM_KEY_NOT_SERVED (usage) */
async function read(folder: string, name: string, maxBytes: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readSmallFile(join(folder, name), maxBytes));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SolventError(
      'CLAIM_KEY_NOT_SERVED',
      'usage',
      `cannot read ${name} in the folder of claim keys (${code}): give provers the same SOLVENT_CLAIM_KEYS as gateways, with what \`solvent ceremony export\` wrote`,
    );
  }
}
