import { cpSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FakeGateway } from '../../../libs/packages/client/testing/fake-gateway';
// By its file: the rest of that library opens databases.
import { sharedFolder } from '../../../libs/dev/servers/src/shared-server';
import { readBalances } from './balances';
import { idOf, proofFileOf } from './proof-file';
import { runJson } from './run-cli';

const DATA = 'data';

/** A small snapshot as the CLI proved it. */
export interface Published {
  readonly id: string;
  readonly operator: string;
  readonly config: string;
  readonly manifest: Buffer;
  readonly globalProof: Buffer;
  /** Of two accounts, by their keys. */
  readonly proofs: ReadonlyMap<string, PublishedProof>;
}

export interface PublishedProof {
  /** In this snapshot. */
  readonly id: string;
  readonly file: string;
  readonly document: Buffer;
}

/**
 * A snapshot of 70 accounts with inclusion proofs of two, as the CLI makes it, in this folder: made once a
 * run, and copied.
 */
export async function publish(folder: string): Promise<Published> {
  const shared = await sharedFolder('published', makePublished);
  cpSync(join(shared, DATA), folder, { recursive: true });
  const output = join(folder, 'published');
  const manifest = join(output, 'manifest.json');
  const proofs = keysOf(folder).map((key) => {
    const file = join(output, 'user_proofs', proofFileOf(manifest, key));
    return [key, { id: idOf(manifest, key), file, document: readFileSync(file) }] as const;
  });
  const config = join(folder, 'snapshot.json');
  return {
    id: 'generated',
    operator: (JSON.parse(readFileSync(config, 'utf8')) as { operator: string }).operator,
    config,
    manifest: readFileSync(manifest),
    globalProof: readFileSync(join(output, 'global-proof.ndjson')),
    proofs: new Map(proofs),
  };
}

async function makePublished(shared: string): Promise<void> {
  // `generate` makes its folder itself: who may enter it is for a test to see.
  const folder = join(shared, DATA);
  const [accounts, output] = [join(folder, 'accounts'), join(folder, 'published')];
  const work = async (...args: string[]) => expect((await runJson(args)).code).toBe(0);
  await work('generate', '--accounts', '70', '--assets', '3', '--mode', 'spot', '--output', folder);
  const prove = ['prove', '--input', accounts, '--config', join(folder, 'snapshot.json'), '--output', output];
  await work(...prove, '--workers', '1');
  const proofs = ['--output', join(output, 'user_proofs'), '--workers', '1'];
  for (const key of keysOf(folder))
    await work('prove-user', '--witness', join(output, 'witness'), '--key', key, ...proofs);
}

/** Keys of the two accounts that are proved. */
function keysOf(folder: string): string[] {
  return readBalances(join(folder, 'accounts'), 0)
    .slice(0, 2)
    .map(({ key }) => key);
}

/** A snapshot as the API answers it. */
export function snapshotAnswer(changes: object = {}): object {
  return {
    id: 'generated',
    state: 'PUBLISHED',
    takenAt: '2026-01-01T00:00:00Z',
    mode: 'spot',
    unit: null,
    operator: `0x${'11'.repeat(32)}`,
    publishedAt: '2026-01-02T00:00:00.000Z',
    totals: [],
    manifest: { digest: `0x${'22'.repeat(32)}` },
    progress: { batches: 1, batchesProved: 1, proofs: 1, failure: null },
    privateDataDropped: false,
    sealedBundle: null,
    ...changes,
  };
}

/** An inclusion proof as the API answers it. */
export function inclusionAnswer({ manifest: ofAll }: Published, document: Buffer): object {
  const { header } = JSON.parse(ofAll.toString('utf8')) as {
    readonly header: { readonly snapshot: string; readonly takenAt: string };
  };
  const { id, batch, row, manifest } = JSON.parse(document.toString('utf8')) as {
    readonly id: string;
    readonly batch: number;
    readonly row: number;
    readonly manifest: string;
  };
  return {
    manifest: { digest: manifest, document: ofAll.toString('utf8') },
    snapshot: header.snapshot,
    takenAt: header.takenAt,
    batch,
    row,
    accountId: id,
    values: [],
    document: document.toString('utf8'),
    documentDigest: `0x${createHash('sha256').update(document).digest('hex')}`,
  };
}

/** Puts a published snapshot's files where a gateway serves them. */
export function serve(gateway: FakeGateway, { id, manifest, globalProof }: Published) {
  return {
    manifest: gateway.file(`/snapshots/${id}/manifest.json`, manifest),
    globalProof: gateway.file(`/snapshots/${id}/global-proof.ndjson`, globalProof),
  };
}
