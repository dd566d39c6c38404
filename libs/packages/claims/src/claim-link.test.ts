import { madeClaims } from '@solvent-por/dev/proofs';
import { SolventError, utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import fc from 'fast-check';
import { claimFragment, encodeClaim, readClaimLink } from './index';

const document = encodeClaim(madeClaims().claim('exactly'));
const fragment = claimFragment(document);
const codeOf = (text: string) => {
  try {
    readClaimLink(text);
    return 'taken';
  } catch (error) {
    if (error instanceof SolventError) return error.code;
    throw error;
  }
};

test('a link gives the claim back, byte for byte, whatever stands before it', () => {
  expect(fragment).toMatch(/^shown=[\w-]{1000,2000}$/);
  for (const link of [
    `https://proof.example/#${fragment}`,
    `https://proof.example/page?a=b#${fragment}`,
    `#${fragment}`,
    ` ${fragment}\n`,
  ])
    expect(readClaimLink(link)).toEqual(document);
  expect(() => claimFragment(utf8('{}'))).toThrow(expect.objectContaining({ code: 'CLAIM_MALFORMED' }));
});

test('what holds no claim is told from what was damaged', () => {
  for (const none of ['', 'https://proof.example/', '#/about', `#key=${'0'.repeat(64)}`, '#SHOWN=AA'])
    expect([none, codeOf(none)]).toEqual([none, 'CLAIM_LINK_NONE']);
  for (const damaged of [
    // Other base64, padding, a line break, what a messenger appends, percent-encoding, a second claim.
    ...['+', '/', '=', '\nA', '.', '%20', `&${fragment}`, `#${fragment}`].map((end) => fragment + end),
    `${fragment}${'A'.repeat(8000)}`,
    `https://${'a'.repeat(9000)}.example/#${fragment}`,
  ])
    expect([damaged.slice(-9), codeOf(damaged)]).toEqual([damaged.slice(-9), 'CLAIM_LINK_DAMAGED']);
  // Good base64url of what is no claim.
  expect(codeOf('shown=')).toMatch(/^DOCUMENT_/);
  expect(codeOf('shown=e30')).toBe('CLAIM_MALFORMED');
  const spaced = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(document).toString()), undefined, 1));
  expect(codeOf(`shown=${spaced.toString('base64url')}`)).toMatch(/^DOCUMENT_/);
});

test('a link that was cut off or changed in a character is never read as the same claim', () => {
  const start = 'shown='.length;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  fc.assert(
    fc.property(
      fc.integer({ min: start, max: fragment.length - 1 }),
      fc.constantFrom(...letters),
      (at, letter) => {
        expect(codeOf(fragment.slice(0, at))).not.toBe('taken');
        if (fragment[at] === letter) return;
        const changed = fragment.slice(0, at) + letter + fragment.slice(at + 1);
        try {
          expect(readClaimLink(changed)).not.toEqual(document);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'malformed' });
        }
      },
    ),
  );
});

test('the longest claim there may be has a link', () => {
  const claim = JSON.parse(Buffer.from(document).toString()) as Record<string, unknown>;
  const long = utf8(canonicalJson({ ...claim, threshold: '147573952589676412927', value: 1023 }));
  expect(readClaimLink(claimFragment(long))).toEqual(long);
});
