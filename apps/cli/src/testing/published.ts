import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FakeGateway } from '../../../../libs/client/testing/fake-gateway';
import { readBalances } from './balances';
import { runJson } from './run-cli';

/** A small snapshot as the CLI proved it. */
export interface Published {
  readonly id: string;
  readonly operator: string;
  readonly config: string;
  readonly manifest: Buffer;
  readonly globalProof: Buffer;
  /** Inclusion documents by account id. */
  readonly inclusions: ReadonlyMap<string, Buffer>;
}

/** Generates, proves and reads a snapshot of 70 accounts, with inclusion proofs of two. */
export async function publish(folder: string): Promise<Published> {
  const [config, output] = [join(folder, 'snapshot.json'), join(folder, 'published')];
  const { document } = await runJson([
    ...['generate', '--accounts', '70', '--assets', '3', '--mode', 'spot', '--output', folder],
  ]);
  await runJson([
    'prove',
    '--input',
    join(folder, 'accounts'),
    '--config',
    config,
    '--output',
    output,
    '--workers',
    '1',
  ]);
  const ids = readBalances(join(folder, 'accounts'), 0)
    .slice(0, 2)
    .map(({ id }) => id);
  const proofs = join(output, 'user_proofs');
  for (const id of ids)
    await runJson([
      'prove-user',
      '--witness',
      join(output, 'witness'),
      '--id',
      id,
      '--output',
      proofs,
      '--workers',
      '1',
    ]);
  expect(readdirSync(proofs)).toHaveLength(2);
  return {
    id: 'generated',
    operator: document.operator as string,
    config,
    manifest: readFileSync(join(output, 'manifest.json')),
    globalProof: readFileSync(join(output, 'global-proof.ndjson')),
    inclusions: new Map(ids.map((id) => [id, readFileSync(join(proofs, `${id}.json`))])),
  };
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
    ...changes,
  };
}

/** An inclusion proof as the API answers it. */
export function inclusionAnswer(document: Buffer): object {
  const { id, header, batch, row, manifest } = JSON.parse(document.toString('utf8')) as {
    readonly id: string;
    readonly header: { readonly snapshot: string; readonly takenAt: string; readonly operator: string };
    readonly batch: number;
    readonly row: number;
    readonly manifest: string;
  };
  return {
    snapshot: header.snapshot,
    takenAt: header.takenAt,
    operator: header.operator,
    batch,
    row,
    accountId: id,
    values: [],
    totals: [],
    manifestDigest: manifest,
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
