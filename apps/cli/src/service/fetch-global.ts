import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SolventError, toHex } from '@solvent-por/kzg';
import { OUTPUT } from '@solvent-por/prover';
import { MAX_MANIFEST_BYTES, manifestDigest, parseManifest } from '@solvent-por/verifier';
import { shellWord } from '@solvent-por/shared/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { readBounded } from '../files';
import { printable, size } from '../format';
import { connect, type ConnectionOptions } from './connection';
import { downloadFile } from './download-file';
import { refuseOtherManifest } from './sent-manifest';
import { writeNewFile } from './write-new-file';

export interface FetchGlobalArguments extends ConnectionOptions {
  readonly snapshot: string;
  readonly output: string;
}

const LF = 10;

/**
 * @throws SolventError SNAPSHOT_NOT_FOUND, OUTPUT_EXISTS (kind usage); ANSWER_MISMATCH (kind invalid);
 *   INTERRUPTED; MANIFEST_MALFORMED, …
 */
export async function fetchGlobal(options: FetchGlobalArguments, context: Context): Promise<Outcome> {
  const { snapshot, output } = options;
  const { say, style } = context;
  const connection = await connect(options, context);
  context.interruptible('stopping …');
  const manifest = await connection.ask((client) =>
    client.downloadManifest(snapshot, { signal: context.signal }),
  );
  const { header } = refuseOtherManifest(manifest, snapshot);
  const [manifestFile, proofFile] = [join(output, OUTPUT.manifest), join(output, OUTPUT.globalProof)];
  const before = existsSync(proofFile);
  if (before && !(await beginsWith(proofFile, manifest)))
    throw new SolventError(
      'OUTPUT_EXISTS',
      'usage',
      `${printable(proofFile)} exists already and is not the proof of this snapshot; nothing is replaced in silence: name another --output, or move it away`,
      { file: proofFile },
    );
  await writeNewFile(manifestFile, manifest, 0o644);
  const { bytes, resumed } = before
    ? { bytes: undefined, resumed: 0 }
    : await downloadFile(
        (resume) => connection.client.streamGlobalProof(snapshot, resume),
        proofFile,
        connection,
        context,
      );
  if (!(await beginsWith(proofFile, manifest)))
    throw new SolventError(
      'ANSWER_MISMATCH',
      'invalid',
      `the service sent a proof that does not begin with the manifest of this snapshot: remove ${printable(proofFile)}, and give the command again`,
      { file: proofFile },
    );
  say(
    before
      ? `${style.bullet} ${shellWord(proofFile)} is there already: it begins with this manifest, more of it was not looked at`
      : `${style.tick} wrote ${shellWord(proofFile)} (${size(bytes!)}); nothing is verified yet`,
  );
  say('Next:');
  say(`  solvent verify-global ${shellWord(proofFile)} --operator ${header.operator}`);
  say('Take the operator’s key from the exchange’s own site and compare it with the one above.');
  return {
    exitCode: EXIT.valid,
    document: {
      output,
      snapshot,
      operator: header.operator,
      manifestDigest: toHex(manifestDigest(parseManifest(manifest))),
      bytes: bytes ?? null,
      resumedBytes: resumed,
    },
  };
}

/** The first line of a global proof is its manifest. */
async function beginsWith(file: string, manifest: Uint8Array): Promise<boolean> {
  const start = await readBounded(file, Math.min(manifest.length + 1, MAX_MANIFEST_BYTES + 1));
  return Buffer.from(start.subarray(0, manifest.length)).equals(manifest) && start[manifest.length] === LF;
}
