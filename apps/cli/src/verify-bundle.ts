import { SolventError, toHex } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  finding,
  hasHaircuts,
  hostView,
  readSealedBundle,
  type Manifest,
  type SealedVerdict,
} from '@solvent-por/verifier';
import { bundleSource, isHost } from './bundle-source';
import type { Context } from './context';
import { EXIT, type ExitCode } from './exit-code';
import type { CliFindings } from './findings';
import { printable } from './format';
import { accountDocuments, valueTable } from './values';

/** What came of looking an account up in a sealed bundle. */
export interface BundleResult {
  readonly exitCode: ExitCode;
  readonly findings: CliFindings;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * Looks an account up in a bundle against a manifest that was found trustworthy. A bundle that is damaged
 * says nothing about the account: exit code 2, as for a file that cannot be read; where the account is
 * missing, or what it finds is false, 1.
 * @param key the account key from the user, 32 bytes
 */
export async function verifyBundle(
  place: string,
  manifest: Manifest,
  key: Uint8Array,
  context: Context,
): Promise<BundleResult> {
  const { say, complain, style } = context;
  const source = bundleSource(place, context.signal);
  const verdict = await readSealedBundle(source, { manifest, key }, nativeVerifier());
  const { header } = manifest;
  // Also where the account is not in the shard, or the shard is damaged.
  const { bits } = verdict;
  const host = isHost(place) && bits !== undefined ? hostView(manifest, { bits }) : undefined;
  const bundle = { bundle: place, outcome: verdict.outcome, ...(host !== undefined && { host }) };
  if (!verdict.valid) {
    const { code, reason } = verdict;
    complain(`${style.cross} ${NAMES[verdict.outcome]}: ${printable(reason)} (${code})`);
    if (host !== undefined) say(`${style.bullet} ${host}`);
    return {
      exitCode: verdict.outcome === 'damaged' ? EXIT.unusable : EXIT.invalid,
      findings: finding.accountNotFound('your account', 'no valid proof of it was found'),
      document: { ...bundle, code, reason },
    };
  }
  const { id, batch, row, values } = verdict.inclusion;
  say(`${style.tick} ${printable(place)}: the account with your key`);
  say();
  say(`Balance in snapshot ${header.snapshot}, taken at ${header.takenAt}`);
  for (const line of valueTable(header, values, context, { account: true })) say(line);
  if (hasHaircuts(header)) say(`  (counts: what of the equity covers debts, after the snapshot's haircuts)`);
  say();
  if (host !== undefined) say(`${style.bullet} ${host}`);
  return {
    exitCode: EXIT.valid,
    findings: verdict,
    document: {
      ...bundle,
      id: toHex(id),
      batch,
      row,
      values: accountDocuments(header, values),
    },
  };
}

const NAMES: Readonly<Record<Exclude<SealedVerdict['outcome'], 'included'>, string>> = {
  damaged: 'DAMAGED',
  absent: 'NOT IN THIS SNAPSHOT',
  invalid: 'INVALID',
};

/** @throws SolventError OPTIONS (usage) unless what a bundle needs was given, and no files beside it */
export function refuseIncomplete(
  files: readonly string[],
  {
    global,
    key,
    identifier,
  }: { readonly global?: string; readonly key?: string; readonly identifier?: string },
): void {
  const problem =
    files.length > 0
      ? 'give files, or --bundle, not both'
      : global === undefined
        ? 'give --global with --bundle: the manifest decides what is believed, and comes from you, not from the host'
        : key === undefined && identifier === undefined
          ? 'give --key or --identifier with --bundle: an entry is found and opened by the account key alone'
          : undefined;
  if (problem !== undefined) throw new SolventError('OPTIONS', 'usage', problem);
}
