import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import type { Reserves, SolventClient } from '@solvent-por/client';
import type { LocalServices } from './demonstration';
import { sampleReserves } from './sample-reserves';

/** The network whose made-up block proves balances. */
const NETWORK = 'eip155:1';

/**
 * Has sample reserves judged and published beside a demonstration, as an operator does. Nothing is done where
 * later ones are published: they follow one another in time.
 *
 * @returns the hash of their made-up block; undefined where there are none
 * @throws SolventError RESERVES_FAILED (invalid); SolventApiError
 */
export async function publishSampleReserves(
  client: SolventClient,
  { sourceDirectory, signing }: Pick<LocalServices, 'sourceDirectory' | 'signing'>,
  snapshotId: string,
): Promise<string | undefined> {
  const before = await client.reserves(snapshotId);
  if (before?.state === 'PUBLISHED') return blockOf(before);
  if (before === null || before.state === 'FAILED') {
    const previous = await lastPublished(client, snapshotId);
    if (previous === 'later') return undefined;
    const source = `${snapshotId}/reserves`;
    const folder = join(sourceDirectory, source);
    const made = sampleReserves(await client.downloadManifest(snapshotId), signing, previous);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'reserves.json'), made.reserves);
    await writeFile(join(folder, 'reserve-addresses.ndjson'), made.addresses);
    await client.requestReserves({ snapshotId, source });
  }
  for await (const seen of client.watchReserves(snapshotId)) {
    if (seen.state === 'PUBLISHED') return blockOf(seen);
    if (seen.state === 'FAILED')
      throw new SolventError(
        'RESERVES_FAILED',
        'invalid',
        `the sample reserves failed: ${JSON.stringify(seen.operations?.failure)}`,
      );
  }
  return undefined;
}

/** Digest of the reserves that were published last, null where none were; or that later ones were. */
async function lastPublished(client: SolventClient, snapshotId: string): Promise<string | null | 'later'> {
  let isLater = true;
  // Latest first.
  for await (const { id } of client.snapshots()) {
    if (id === snapshotId) isLater = false;
    else {
      const reserves = await client.reserves(id);
      if (reserves?.state === 'PUBLISHED') return isLater ? 'later' : reserves.digest;
    }
  }
  return null;
}

function blockOf({ blocks }: Reserves): string | undefined {
  return blocks?.find(({ network }) => network === NETWORK)?.block;
}
