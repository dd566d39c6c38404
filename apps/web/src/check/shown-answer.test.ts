import { answerOf } from './shown-answer';

/** Everything that makes a claim one for the partner: known key, a ceremony's set-up, compared with their own records. */
const whole = {
  keyKnown: true,
  setUp: { development: false, contributions: 3 },
  asked: { partner: 'lender.example', purpose: 'loan', challenge: `0x${'01'.repeat(31)}` },
};
const { asked: _asked, ...notCompared } = whole;
const { setUp: _setUp, ...withoutSetUp } = whole;

test('a claim is checked when nothing is missing, and only then', () => {
  expect(answerOf(whole)).toEqual(['checked', 'shown.mine']);
  // One that nobody has compared was made for anybody: it is never more than open.
  expect(answerOf(notCompared)).toEqual(['open', 'shown.open']);
  expect(answerOf({ ...whole, keyKnown: false })).toEqual(['open', 'shown.unknownKey']);
  const development = { ...whole, setUp: { development: true, contributions: 1 } };
  expect(answerOf(development)).toEqual(['open', 'shown.development']);
  expect(answerOf(withoutSetUp)[0]).toBe('open');
});

test.each([
  ['CLAIM_PROOF', 'shown.false.proof'],
  ['CLAIM_SCOPE', 'shown.false.scope'],
  ['CLAIM_CHALLENGE', 'shown.false.challenge'],
  ['OPERATOR_UNEXPECTED', 'shown.false.other'],
])('what is refused with %s is false, whatever else holds', (code, text) => {
  for (const report of [whole, notCompared])
    expect(answerOf({ ...report, refused: { code, reason: '' } })).toEqual(['false', text]);
});
