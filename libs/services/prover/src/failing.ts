import { SolventError } from '@solvent-por/kzg';
import type { SnapshotRun } from '@solvent-por/services/contracts';
import type { SnapshotFailure, SnapshotRepository } from '@solvent-por/services/database';
import type { Log } from '@solvent-por/services/kit';

/** Internal errors that say that what is stored contradicts itself: nothing gets better by waiting. */
const CONTRADICTIONS = new Set([
  'FINALISE_INCOMPLETE',
  'FINALISE_ORDER',
  'FINALISE_SELF_CHECK',
  'POINT_MALFORMED',
  'SNAPSHOT_INCOMPLETE',
]);

/** Of the kind usage: what was requested is at fault. */
const REFUSED = new Set([
  ...['CLAIM_KEY_MISSING', 'CLAIM_KEY_UNKNOWN', 'CLAIM_KEY_OTHER_LAYOUT', 'CLAIM_KEY_DEVELOPMENT'],
  ...['KEY_OPERATOR_MISMATCH', 'TAKEN_IN_FUTURE'],
]);

/** Whether trying again would fail again: the snapshot itself is at fault, not this machine. */
export function isPermanent(error: unknown): error is SolventError {
  return (
    error instanceof SolventError &&
    (error.kind === 'invalid' ||
      error.kind === 'malformed' ||
      CONTRADICTIONS.has(error.code) ||
      REFUSED.has(error.code))
  );
}

/** @throws SolventError KEY_OPERATOR_MISMATCH (usage) */
export function checkOperator(ours: string, header: { readonly operator: string }): void {
  if (header.operator !== ours)
    throw new SolventError(
      'KEY_OPERATOR_MISMATCH',
      'usage',
      `the keys of this service belong to operator ${ours}, the snapshot names ${header.operator}: give it that operator's keys, or request the snapshot under ours`,
    );
}

export interface SnapshotFailingOptions {
  readonly snapshots: Pick<SnapshotRepository, 'fail'>;
  readonly meter: { failed(code: string): void };
  /** Who says so in the audit. */
  readonly actor: 'prover' | 'signer';
  readonly log: Log;
}

/** Ends a run with its reason, where operators see it. */
export class SnapshotFailing {
  constructor(private readonly options: SnapshotFailingOptions) {}

  /** @returns false when the run was over before */
  async fail(run: SnapshotRun, failure: SnapshotFailure): Promise<boolean> {
    const { snapshots, meter, log, actor } = this.options;
    const { code, details } = failure;
    if (!(await snapshots.fail(run, failure, { actor }))) return false;
    meter.failed(code);
    log.warn({ ...run, code, ...details }, 'snapshot failed');
    return true;
  }
}
