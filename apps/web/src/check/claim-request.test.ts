import { SolventError } from '@solvent-por/kzg';
import { claimScope } from '@solvent-por/claims';
import { readChallenge, readClaimLink, readScopeText, readThreshold } from './claim-request';
import { claimTrouble, shownTrouble } from './claim-trouble';
import { fragmentOf, readFragment } from './fragment';

const CHALLENGE = `0x${'0a'.repeat(31)}`;

describe('a threshold is exact', () => {
  test.each<[string, number, bigint]>([
    ['1', 0, 1n],
    ['1.5', 1, 15n],
    [' 0.1 ', 18, 10n ** 17n],
    ['007.50', 2, 750n],
    ['1.500000', 1, 15n],
    ['9007199254740993', 0, 9007199254740993n],
    ['0.000000000000000001', 18, 1n],
  ])('%j at scale %i', (text, scale, units) =>
    expect(readThreshold(text, scale, 1n << 67n)).toEqual({ value: units }),
  );

  test.each<[string, string]>([
    ['', 'amountEmpty'],
    ['  ', 'amountEmpty'],
    ['1,5', 'amountForm'],
    ['1.', 'amountForm'],
    ['.5', 'amountForm'],
    ['-1', 'amountForm'],
    ['1e3', 'amountForm'],
    ['0x1', 'amountForm'],
    ['١', 'amountForm'],
    ['1 000', 'amountForm'],
    ['9'.repeat(81), 'amountForm'],
    ['1.001', 'amountDecimals'],
    ['0.00', 'amountZero'],
    ['1.51', 'amountMore'],
    ['9'.repeat(80), 'amountMore'],
  ])('%j is none', (text, wrong) => expect(readThreshold(text, 2, 150n)).toMatchObject({ wrong }));

  test('the whole balance may be shown, and not one unit more', () => {
    expect(readThreshold('1.50', 2, 150n)).toEqual({ value: 150n });
    expect(readThreshold('1.51', 2, 150n)).toEqual({ wrong: 'amountMore' });
  });
});

describe('a challenge', () => {
  test.each([
    CHALLENGE,
    CHALLENGE.slice(2),
    ` ${CHALLENGE.toUpperCase()}\n`,
    CHALLENGE.replace('0a0a', '0a 0a'),
  ])('is forgiven its form: %j', (text) => expect(readChallenge(text)).toEqual({ value: CHALLENGE }));

  test.each<[string, object]>([
    ['', { wrong: 'challengeEmpty' }],
    ['0x', { wrong: 'challengeLength', n: 0 }],
    [CHALLENGE.slice(0, -1), { wrong: 'challengeLength', n: 61 }],
    [`${CHALLENGE}00`, { wrong: 'challengeLength', n: 64 }],
    ['challenge', { wrong: 'challengeLetters' }],
  ])('%j is none', (text, wanted) => expect(readChallenge(text)).toEqual(wanted));
});

test('names are taken as claimScope takes them', () => {
  expect(readScopeText(' cafe\u0301 ')).toEqual({ value: 'caf\u00e9' });
  expect(readScopeText('\t')).toEqual({ wrong: 'nameEmpty' });
  for (const text of ['é'.repeat(128), 'é'.repeat(129), 'a\ud800', 'x'.repeat(257), 'x']) {
    const scope = () => claimScope(text, 'loan');
    if ('wrong' in readScopeText(text)) expect(scope).toThrow(SolventError);
    else expect(scope()).toHaveLength(31);
  }
});

test('a link asks for a claim and names no screen; what is left out stays open', () => {
  const link = `#claim&partner=lender.example&purpose=loan+2026&challenge=${CHALLENGE}&asset=BTC&threshold=1.5`;
  const asked = { partner: 'lender.example', purpose: 'loan 2026', challenge: CHALLENGE, asset: 'BTC' };
  expect(readFragment(link)).toEqual({ route: { screen: 'start' }, asked: { ...asked, threshold: '1.5' } });
  expect(readClaimLink(new URLSearchParams('claim'))).toEqual({ partner: '', purpose: '', challenge: '' });
  expect(readClaimLink(new URLSearchParams('partner=lender'))).toBeUndefined();
});

test('trouble is told by what was being done', () => {
  const said = (doing: 'opening' | 'making', code: string) =>
    claimTrouble(doing, { kind: 'rubbish', code, message: '' });
  expect(said('opening', 'DOCUMENT_NOT_JSON')).toBe('file');
  expect(said('making', 'DOCUMENT_NOT_JSON')).toBe('keys');
  expect(said('making', 'CLAIM_ARTEFACT')).toBe('keys');
  expect(said('making', 'HTTP_404')).toBe('missing');
  expect(said('opening', 'HTTP_404')).toBeUndefined();
  expect(said('making', 'NETWORK_FAILED')).toBeUndefined();
});

test('a link that shows a claim is handed on as it is, up to a length that no claim has', () => {
  expect(readFragment('#shown=e30')).toEqual({ route: { screen: 'shown' }, shown: '#shown=e30' });
  expect(readFragment(`#shown=${'A'.repeat(9000)}`).shown).toHaveLength(8192);
  expect(readFragment('#/shown')).toEqual({ route: { screen: 'shown' } });
  expect(fragmentOf({ screen: 'shown' })).toBe('#/shown');
  // A claim is no key, whatever it holds.
  expect(readFragment(`#shown=AA&key=${'0'.repeat(64)}`).secret).toBeUndefined();
});

test('what is wrong with a claim that is shown is told by its code', () => {
  const said = (code: string, fromLink = false) => shownTrouble({ code }, fromLink);
  expect(said('CLAIM_LINK_NONE', true)).toBe('none');
  expect(said('CLAIM_LINK_DAMAGED', true)).toBe('link');
  expect([said('CLAIM_MALFORMED', true), said('CLAIM_MALFORMED')]).toEqual(['link', 'file']);
  expect(said('DOCUMENT_NOT_JSON')).toBe('file');
  expect(said('CLAIM_KEY_ALTERED')).toBe('keys');
  expect(said('CLAIM_SNAPSHOT_UNKNOWN')).toBe('snapshot');
  expect(said('HTTP_404')).toBe('missing');
  expect(said('NETWORK_FAILED', true)).toBeUndefined();
});
