import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBytes, type KzgCommitter, type SmallColumn } from '@solvent-por/kzg';
import { loadCommitter } from '@solvent-por/kzg/native';

/**
 * The native committer, computing each commitment once a run of jest: forgeries share nearly all columns with
 * the honest proof, and a commitment, the dearest step of all, depends on nothing but its column. Provers
 * that run in threads or processes of their own never see it.
 */
export async function testCommitter(): Promise<KzgCommitter> {
  const native = await loadCommitter();
  const { commitSmall } = native;
  const commitments = new Commitments();
  return {
    ...native,
    commit: (blob) => {
      const digest = createHash('sha256').update(blob).digest('hex');
      return commitments.of([digest], () => [native.commit(blob)])[0]!;
    },
    ...(commitSmall && {
      commitSmall: (columns) =>
        commitments.of(columns.map(digestOf), (missing) => commitSmall(missing.map((i) => columns[i]!))),
    }),
  };
}

/** Commitments by the digest of their column. */
class Commitments {
  readonly #known = new Map<string, Uint8Array>();

  /** @param make given the places of what is not known yet */
  of(digests: readonly string[], make: (missing: readonly number[]) => readonly Uint8Array[]): Uint8Array[] {
    const missing: number[] = [];
    digests.forEach((digest, i) => {
      const known = this.#known.get(digest) ?? recall(digest);
      if (known) this.#known.set(digest, known);
      else missing.push(i);
    });
    if (missing.length > 0)
      make(missing).forEach((commitment, i) => {
        const digest = digests[missing[i]!]!;
        remember(digest, commitment);
        this.#known.set(digest, commitment);
      });
    return digests.map((digest) => this.#known.get(digest)!.slice());
  }
}

function digestOf({ rows, reserved }: SmallColumn): string {
  const hash = createHash('sha256').update('small column');
  hash.update(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  for (const x of reserved) hash.update(toBytes(x));
  return hash.digest('hex');
}

/** Where the workers of this run leave them for each other; see libs/dev/servers/jest. */
function folder(): string | undefined {
  const run = process.env.SOLVENT_TEST_RUN_DIRECTORY;
  return run && join(run, 'commitments');
}

function recall(digest: string): Uint8Array | undefined {
  const shared = folder();
  if (shared === undefined) return undefined;
  try {
    return new Uint8Array(readFileSync(join(shared, digest)));
  } catch {
    return undefined;
  }
}

/** Appears under its name whole or not at all. */
function remember(digest: string, commitment: Uint8Array): void {
  const shared = folder();
  if (shared === undefined) return;
  mkdirSync(shared, { recursive: true });
  const making = join(shared, `making-${randomBytes(8).toString('hex')}`);
  writeFileSync(making, commitment);
  renameSync(making, join(shared, digest));
}
