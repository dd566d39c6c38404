import { toHex } from '@solvent-por/kzg';
import { ACCOUNT_ROWS, manifestDigest, type Manifest } from '@solvent-por/verifier';
import type { Context } from './context';
import { count, plural } from './format';
import { valueDocuments, valueTable } from './values';

/** What a manifest says, as `--json` prints it. */
export function manifestDocument(manifest: Manifest): Readonly<Record<string, unknown>> {
  const { header, batchCount, previous } = manifest;
  return {
    snapshot: header.snapshot,
    takenAt: header.takenAt,
    mode: header.mode,
    unit: header.unit ?? null,
    operator: header.operator,
    batchCount,
    /** The digest to compare in public. */
    manifestDigest: toHex(manifestDigest(manifest)),
    previous,
    totals: valueDocuments(header, manifest.totals.map(BigInt)),
  };
}

/** The same for people. */
export function sayManifest(manifest: Manifest, context: Context): void {
  const { say, style } = context;
  const { header, batchCount } = manifest;
  const line = (name: string, text: string) => say(`${style.paint('dim', name.padEnd(10))}${text}`);
  line('Snapshot', `${style.paint('bold', header.snapshot)}, taken at ${header.takenAt} (${header.mode})`);
  line('Operator', header.operator);
  line('Batches', `${count(batchCount)}, at most ${plural(batchCount * ACCOUNT_ROWS, 'account')}`);
  line('Manifest', `${toHex(manifestDigest(manifest))} (its digest: compare it with the published one)`);
  if (manifest.previous) line('Follows', manifest.previous);
  if (manifest.claimKeys)
    line(
      'Claims',
      `private claims can be made, checked with ${manifest.claimKeys.join(' or ')}; whether of a ceremony or a development set-up, not to be relied on, stands in the key’s document`,
    );
  if (header.mode === 'margin')
    line('Prices', `in ${header.unit}, part of the signed header: solvent inspect shows them`);
  say();
  say('Totals');
  for (const row of valueTable(header, manifest.totals.map(BigInt), context)) say(row);
}
