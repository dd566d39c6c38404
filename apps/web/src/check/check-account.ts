import { equalBytes, hexBytes, SolventError, toHex, type KzgVerifier } from '@solvent-por/kzg';
import {
  accountId,
  headerDigest,
  parseInclusion,
  parseManifest,
  siblingSides,
  sizeOf,
  verifyInclusion,
  type Inclusion,
  type Manifest,
} from '@solvent-por/verifier';
import { diagnose, type Holds } from './diagnose';
import { accountFacts, amountFacts, batchFacts, everybodyFacts, totalFacts } from './facts';
import type { AccountReport, SnapshotReport, Step, StepId } from './report';
import { signatureStep, type KnownBefore } from './signature-step';
import { digestOf } from './chain-link';
import { accountRows, totalRows } from './values';

/** What one account's check is made of. */
export interface AccountCheck {
  /** Bytes of the two documents. */
  readonly manifest: Uint8Array;
  readonly inclusion: Uint8Array;
  /** The account key, 32 bytes, where the user gave it. */
  readonly key?: Uint8Array;
  readonly known: KnownBefore;
}

/**
 * Checks one account with the verifier and says, step by step, what holds. Where the verifier refuses, each
 * step's own equation is tried alone, so that the first false one is named.
 */
export function checkAccount(
  { manifest, inclusion, key, known }: AccountCheck,
  kzg: KzgVerifier,
): AccountReport {
  const read = readBoth(manifest, inclusion);
  if ('kind' in read) return read;
  const { header, batchCount } = read.manifest;
  let holds: Holds & { readonly code?: string };
  try {
    const verdict = verifyInclusion(read.inclusion, { manifest: read.manifest, ...(key && { key }) }, kzg);
    holds = verdict.valid ? ALL_HOLD : { ...diagnose(read, key, kzg), code: verdict.code };
  } catch (error) {
    return unreadable('proof', error);
  }
  const steps = [
    rowStep(read, key, holds),
    step('amounts', holds.amounts, amountFacts(read), 9, holds.code),
    step('batch', holds.batch, batchFacts(read), 8, holds.code),
    step('totals', holds.totals, totalFacts(read), 8, holds.code),
    signatureStep(read.manifest, known),
    everybodyStep(read.manifest),
  ];
  const { batch, row, values } = read.inclusion;
  const inRange = batch < batchCount;
  return {
    kind: 'checked',
    snapshot: snapshotReport(read.manifest),
    keyKnown: key !== undefined,
    values: values.length === sizeOf(header).published ? accountRows(header, values) : [],
    place: { row, batch, batchCount, sides: inRange ? siblingSides(batch, batchCount) : [] },
    steps,
  };
}

const ALL_HOLD: Holds = { row: true, amounts: true, batch: true, totals: true };

export interface Documents {
  readonly manifest: Manifest;
  readonly inclusion: Inclusion;
}

function readBoth(manifest: Uint8Array, inclusion: Uint8Array): Documents | AccountReport {
  let parsed: Manifest;
  try {
    parsed = parseManifest(manifest);
  } catch (error) {
    return unreadable('manifest', error);
  }
  try {
    return { manifest: parsed, inclusion: parseInclusion(inclusion) };
  } catch (error) {
    return unreadable('proof', error);
  }
}

/** @throws what is no failure of a document */
function unreadable(document: 'manifest' | 'proof', error: unknown): AccountReport {
  if (!(error instanceof SolventError) || error.kind !== 'malformed') throw error;
  return { kind: 'unreadable', document, code: error.code, reason: error.message };
}

/** What a manifest says, without a word about whether it is true. */
export function snapshotReport(manifest: Manifest): SnapshotReport {
  const { header, batchCount, previous, totals } = manifest;
  const { snapshot, takenAt, mode, unit, operator } = header;
  return {
    ...{ snapshot, takenAt, mode, operator, previous, batchCount },
    ...(unit !== undefined && { unit }),
    digest: digestOf(manifest),
    claims: manifest.claimRoot !== null,
    totals: totalRows(header, totals.map(BigInt)),
  };
}

function rowStep(documents: Documents, key: Uint8Array | undefined, holds: Holds & { code?: string }): Step {
  const facts = accountFacts(documents);
  const base = { id: 'row', facts, section: 5 } as const;
  if (!holds.row)
    return {
      ...base,
      state: 'false',
      why: key && equalBytes(key, documents.inclusion.id) ? 'idGiven' : 'otherKey',
      ...(holds.code !== undefined && { code: holds.code }),
    };
  return key ? { ...base, state: 'checked', why: 'yours' } : { ...base, state: 'open', why: 'noKey' };
}

/** @param holds undefined where it could not be asked, for what it rests on is false */
function step(
  id: StepId,
  holds: boolean | undefined,
  facts: Step['facts'],
  section: number,
  code: string | undefined,
): Step {
  if (holds === undefined) return { id, state: 'open', why: 'afterFalse', facts, section };
  if (holds) return { id, state: 'checked', why: 'holds', facts, section };
  const why = code === 'INCLUSION_MANIFEST' ? 'otherManifest' : 'refused';
  return { id, state: 'false', why, facts, section, ...(code !== undefined && { code }) };
}

/** Until somebody has verified the global proof. */
function everybodyStep(manifest: Manifest): Step {
  return { id: 'everybody', state: 'open', why: 'notHere', facts: everybodyFacts(manifest), section: 11 };
}

/** The account id of a manifest's snapshot, as it is looked up; 0x and 64 hex digits. */
export function lookUpId(manifest: Manifest, key: Uint8Array): string {
  return toHex(accountId(headerDigest(manifest.header), key));
}

/** The operator's key of a manifest, 32 bytes. */
export function operatorOf(manifest: Manifest): Uint8Array {
  return hexBytes(manifest.header.operator, 32);
}
