import type { Step } from './report';
import { weakest, type StepState } from './states';

type Word = StepState | 'noKey' | 'uncovered' | 'uncoveredOpen' | 'reservesFalse' | 'reservesFalseOpen';

/** The weakest of an account's steps, as data. */
export interface Headline {
  readonly state: StepState;
  readonly title: `headline.${Word}`;
  /** What to do, where something is false. */
  readonly rest?: 'headline.falseRest' | 'headline.uncoveredRest';
  /** Steps that were not checked here, where that is to be said. */
  readonly open: number;
}

/** What stands above an account's result: never better than the weakest of its parts, nor than all but one of them. */
export function headlineOf(steps: readonly Step[], keyKnown: boolean): Headline {
  const state = weakest(steps.map((step) => step.state));
  const open = steps.filter((step) => step.state !== 'checked' && step.state !== 'false').length;
  if (state === 'false') {
    const falseOnes = steps.filter((step) => step.state === 'false');
    if (falseOnes.some(({ id }) => id !== 'covered'))
      return { state, title: 'headline.false', rest: 'headline.falseRest', open: 0 };
    // Short, or by a publication of reserves that is false: the balance is counted as far as the others say.
    const word = falseOnes[0]!.why === 'refused' ? 'reservesFalse' : 'uncovered';
    return {
      ...{ state, rest: 'headline.uncoveredRest', open },
      title: open > 0 ? `headline.${word}Open` : `headline.${word}`,
    };
  }
  if (!keyKnown && state === 'open') return { state, title: 'headline.noKey', open };
  // That reserves could not be read says nothing about the balance.
  const unread = steps.every((step) => step.state !== 'unreadable' || step.id === 'covered');
  return { state, title: `headline.${state === 'unreadable' && unread ? 'open' : state}`, open };
}
