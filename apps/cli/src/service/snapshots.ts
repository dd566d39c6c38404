import { SolventError } from '@solvent/algebra';
import type { NamedSnapshot, Snapshot } from '@solvent/client';
import { shellWord } from '@solvent/terminal';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { count, plural, printable } from '../format';
import { sayBundle } from './bundles';

export function isFinished({ state }: Pick<Snapshot, 'state'>): boolean {
  return state === 'PUBLISHED' || state === 'FAILED';
}

/** @throws SolventError SNAPSHOT_NOT_FOUND (kind usage) */
export function present(snapshot: NamedSnapshot | null, id: string): NamedSnapshot {
  if (snapshot) return snapshot;
  throw new SolventError(
    'SNAPSHOT_NOT_FOUND',
    'usage',
    `there is no snapshot ${shellWord(id)} here, or not for everybody yet: an operator's key shows those that are being proved`,
  );
}

/** A snapshot as `--json` prints it. */
export function snapshotDocument(snapshot: Snapshot): Readonly<Record<string, unknown>> {
  return { ...snapshot };
}

/** `nov-2026  PROVING  taken at …, 12 of 322 batches proved` */
export function snapshotLine(snapshot: Snapshot): string {
  const { id, state, takenAt } = snapshot;
  return `${printable(id)}  ${state.padEnd(9)}  taken at ${printable(takenAt)}${detail(snapshot)}`;
}

export function saySnapshot(snapshot: NamedSnapshot, context: Context): void {
  const { say, complain, style } = context;
  const { id, state, manifest } = snapshot;
  if (state === 'FAILED') {
    const { code, message } = failureOf(snapshot);
    complain(`${style.cross} ${printable(id)} has failed: ${printable(message)} (${printable(code)})`);
    return;
  }
  say(`${state === 'PUBLISHED' ? style.tick : style.bullet} ${snapshotLine(snapshot)}`);
  if (state !== 'PUBLISHED') return;
  say(
    `Manifest ${manifest?.digest} (its digest, as the service says: put it where everybody can compare it)`,
  );
  say('Next:');
  say(`  solvent fetch global --snapshot ${id} --output ${id}`);
  if (snapshot.sealedBundle) sayBundle(id, snapshot.sealedBundle, context);
}

/** Exit code 1 for a failed snapshot; one under way is as it should be. */
export function finishedOutcome(snapshot: Snapshot): Outcome {
  const document = { snapshot: snapshotDocument(snapshot) };
  if (snapshot.state !== 'FAILED') return { exitCode: EXIT.valid, document };
  return { exitCode: EXIT.invalid, document: { ...failureOf(snapshot), ...document } };
}

function failureOf({ progress }: Snapshot): { readonly code: string; readonly message: string } {
  return progress?.failure ?? { code: 'SNAPSHOT_FAILED', message: 'the reason is for operators alone' };
}

function detail({ state, progress }: Snapshot): string {
  if (!progress || progress.batches === null) return '';
  const { batches, batchesProved } = progress;
  return state === 'PUBLISHED'
    ? `, ${plural(batches, 'batch').replace(/batchs$/, 'batches')}`
    : `, ${count(batchesProved)} of ${count(batches)} batches proved`;
}
