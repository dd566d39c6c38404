import { publications } from '../../testing/vectors';
import { parseReserves, reservesDigest } from './parse-reserves';
import { signedText, standingText, statement } from './texts';
import { hexOf } from '../hex';

const readable = publications().filter(({ report }) => report.verdict !== 'malformed');
test('there are publications', () => expect(readable.length).toBeGreaterThan(15));

test.each(readable)('$name: the statement and the texts that are signed', (publication) => {
  const reserves = parseReserves(publication.file('reserves.json'));
  expect(statement(reserves)).toBe(publication.statement);
  expect(signedText(reserves)).toBe(publication.text);
  expect(signedText(reserves).length).toBeLessThanOrEqual(180);
  expect(standingText(reserves, '2026-01-15')).toBe(publication.standing);
  if (publication.report.digest !== undefined)
    expect(hexOf(reservesDigest(reserves))).toBe(publication.report.digest);
});
