import { madeClaims } from '@solvent-por/dev/proofs';
import { utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import { encodeClaim, parseClaim } from './claim';

const made = madeClaims().claim('exactly');
const document = encodeClaim(made);
const json = JSON.parse(new TextDecoder().decode(document)) as Record<string, unknown>;
const memberOf = (change: object): unknown => {
  try {
    return parseClaim(utf8(canonicalJson({ ...json, ...change })));
  } catch (error) {
    return (error as { details?: { member?: string } }).details?.member;
  }
};

test('a claim is read as it was written', () => {
  expect(parseClaim(document)).toEqual(made);
  expect(Object.isFrozen(parseClaim(document))).toBe(true);
});

test.each(Object.keys(json))('a claim whose %s is wrong, or missing, says so', (member) => {
  const { [member]: value, ...rest } = json;
  expect(memberOf({ [member]: null })).toBe(member);
  expect(() => parseClaim(utf8(canonicalJson(rest)))).toThrow(
    expect.objectContaining({ code: 'CLAIM_MALFORMED', details: { member: `claim.${member}` } }),
  );
  // A byte more or less.
  if (typeof value !== 'string' || !value.startsWith('0x')) return;
  for (const other of [value.slice(0, -2), `${value}00`]) expect(memberOf({ [member]: other })).toBe(member);
});

test('values 0 to 1,023 and thresholds below 2^67 are read, none beside them', () => {
  for (const value of [0, 1023]) expect(memberOf({ value })).toMatchObject({ value });
  for (const value of [-1, 1024, 0.5]) expect(memberOf({ value })).toBe('value');
  const bound = 1n << 67n;
  for (const threshold of [0n, bound - 1n])
    expect(memberOf({ threshold: threshold.toString() })).toMatchObject({ threshold });
  for (const threshold of [bound, -1n])
    expect(memberOf({ threshold: threshold.toString() })).toBe('threshold');
});
