import type { Outcome } from './run-check';
import { weakest, type StepState } from './states';

/** The chain under all snapshots that are shown: those in which the account was not found were not linked to any. */
export function chainState(outcomes: readonly Outcome[]): StepState {
  return weakest(
    outcomes.map((outcome): StepState => {
      if (outcome.kind !== 'report') return 'open';
      return outcome.report.steps.find(({ id }) => id === 'signature')?.state ?? 'open';
    }),
  );
}
