import type { ShownKey } from '../i18n/shown';
import type { ShownReport } from '../worker/shown-protocol';
import type { StepState } from './states';

type Answered = Pick<ShownReport, 'refused' | 'asked' | 'setUp' | 'keyKnown'>;

const REFUSALS: Readonly<Record<string, ShownKey>> = {
  CLAIM_PROOF: 'shown.false.proof',
  CLAIM_SCOPE: 'shown.false.scope',
  CLAIM_CHALLENGE: 'shown.false.challenge',
};

/** The weakest of its parts: nothing is checked that anybody could have proved, or that was made for anybody. */
export function answerOf({ refused, asked, setUp, keyKnown }: Answered): readonly [StepState, ShownKey] {
  if (refused) return ['false', REFUSALS[refused.code] ?? 'shown.false.other'];
  if (!asked) return ['open', 'shown.open'];
  if (setUp?.development !== false) return ['open', 'shown.development'];
  return keyKnown ? ['checked', 'shown.mine'] : ['open', 'shown.unknownKey'];
}
