import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { SolventError, toHex } from '@solvent-por/kzg';
import { PRIVATE } from '@solvent-por/snapshot/files';
import {
  documentKind,
  layoutOf,
  manifestDigest,
  parseManifest,
  parseProofLine,
  verifyManifestSignature,
  type Manifest,
} from '@solvent-por/verifier';
import { about, readBounded, readPieces } from './files';
import { printable } from './format';
import { firstDocument, looseDocuments } from './loose-documents';
import { restoreDocument, restoreLine } from './restore-document';

/** Most bytes, or characters, of one document: indenting makes it longer than it may be as published. */
const MOST_BYTES = 4 * 1024 * 1024;
const LF = 10;

export interface Normalised {
  readonly file: string;
  readonly output: string;
  readonly kind: 'manifest' | 'inclusion' | 'global-proof';
  /** False where the file was as published already. */
  readonly changed: boolean;
  readonly bytes: number;
  /** SHA-256 of the file that was written: 0x and 64 hex digits. */
  readonly sha256: string;
  /** The manifest's digest, or of an inclusion the one it names. */
  readonly manifestDigest: string;
  /** Null of an inclusion, which has none. */
  readonly signatureHolds: boolean | null;
  /** Where what it was is kept; null where nothing was replaced. */
  readonly original: string | null;
}

/**
 * Restores a file's canonical form, in its place or as a new file.
 * @throws SolventError OUTPUT_EXISTS (kind usage); FILE_UNREADABLE; FILE_CUT_OFF (proofs of a global proof
 *   are missing); as restoreDocument
 */
export async function normaliseFile(file: string, output?: string): Promise<Normalised> {
  const target = output ?? file;
  const original = output === undefined ? `${file}.orig` : undefined;
  for (const taken of [output, original])
    if (taken !== undefined && existsSync(taken))
      throw new SolventError(
        'OUTPUT_EXISTS',
        'usage',
        `${printable(taken)} exists already: move it away, or name another file with --output`,
        { file: taken },
      );
  const aside = `${target}.normalising`;
  await rm(aside, { force: true });
  const start = await readBounded(file, MOST_BYTES);
  const mode = (await stat(file)).mode & 0o777;
  const handle = await open(aside, 'wx', 0o600);
  try {
    const written = isGlobalProof(file, start)
      ? await writeGlobalProof(file, handle)
      : await writeDocument(file, start, handle);
    // An inclusion proof shows a balance: here, and in the file that is put aside.
    const own = written.kind === 'inclusion' ? mode & PRIVATE : mode;
    await handle.chmod(own);
    await handle.sync();
    await handle.close();
    // Unlike a renaming, a link does not replace what another program made meanwhile.
    if (original === undefined) await link(aside, target);
    if (original === undefined || !written.changed) await rm(aside);
    else {
      await rename(file, original);
      if (own !== mode) await chmod(original, own);
      await rename(aside, file);
    }
    return { file, output: target, ...written, original: written.changed ? (original ?? null) : null };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(aside, { force: true });
    throw error;
  }
}

type Written = Omit<Normalised, 'file' | 'output' | 'original'>;

async function writeDocument(file: string, bytes: Uint8Array, handle: FileHandle): Promise<Written> {
  const restored = about(file, () => restoreDocument(bytes));
  await handle.writeFile(restored.bytes);
  return {
    kind: restored.kind,
    changed: !Buffer.from(bytes).equals(restored.bytes),
    bytes: restored.bytes.length,
    sha256: `0x${createHash('sha256').update(restored.bytes).digest('hex')}`,
    ...(restored.kind === 'manifest'
      ? ofManifest(restored.manifest)
      : { manifestDigest: toHex(restored.inclusion.manifest), signatureHolds: null }),
  };
}

/**
 * Document by document: it may be larger than memory. Whether anything changed shows in the digests of both.
 */
async function writeGlobalProof(file: string, handle: FileHandle): Promise<Written> {
  const [before, after] = [createHash('sha256'), createHash('sha256')];
  let manifest: Manifest | undefined;
  let [bytes, documents, batches] = [0, 0, 0];
  async function* pieces() {
    for await (const piece of readPieces(file)) {
      before.update(piece);
      yield piece;
    }
  }
  for await (const text of looseDocuments(pieces(), MOST_BYTES)) {
    documents++;
    const restored = about(`${file}, document ${documents}`, () => {
      const canonical = restoreLine(text);
      if (manifest) batches += batchesOf(canonical, manifest, batches);
      else manifest = parseManifest(canonical);
      return canonical;
    });
    const whole = new Uint8Array(restored.length + 1);
    whole.set(restored);
    whole[restored.length] = LF;
    await handle.writeFile(whole);
    after.update(whole);
    bytes += whole.length;
  }
  refuseMissing(file, batches, manifest!);
  const sha256 = after.digest('hex');
  return {
    kind: 'global-proof',
    changed: before.digest('hex') !== sha256,
    bytes,
    sha256: `0x${sha256}`,
    ...ofManifest(manifest!),
  };
}

/** How many batches a line proves. @throws SolventError NORMALISE_REFUSED unless it stands in its place */
function batchesOf(line: Uint8Array, manifest: Manifest, before: number): number {
  const proof = parseProofLine(line, layoutOf(manifest.header));
  if (proof.first === before) return proof.accounts.length;
  throw new SolventError(
    'NORMALISE_REFUSED',
    'malformed',
    `it proves batches from ${proof.first} on where ${before} should follow: proofs are missing, doubled or moved; download the file again`,
  );
}

/** @throws SolventError FILE_CUT_OFF: no form makes a whole file of it */
function refuseMissing(file: string, batches: number, { batchCount }: Manifest): void {
  if (batches === batchCount) return;
  throw new SolventError(
    'FILE_CUT_OFF',
    'malformed',
    `${printable(file)} holds proofs of ${batches} of ${batchCount} batches: it is cut off, and nothing was written; download it again`,
    { file },
  );
}

function ofManifest(manifest: Manifest): Pick<Written, 'manifestDigest' | 'signatureHolds'> {
  return {
    manifestDigest: toHex(manifestDigest(manifest)),
    signatureHolds: verifyManifestSignature(manifest),
  };
}

/**
 * Its first document is a manifest, and more follows; or it bears the name of a global proof, of which no
 * more is there.
 */
function isGlobalProof(file: string, start: Uint8Array): boolean {
  const { text, more } = firstDocument(start);
  if (!more && !file.endsWith('.ndjson')) return false;
  try {
    return documentKind(JSON.parse(text)) === 'manifest';
  } catch {
    return false;
  }
}
