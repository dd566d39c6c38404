import { BN254_R, encodeClaim } from '@solvent-por/claims';
import { toBytes, toHex, utf8 } from '@solvent-por/kzg';
import { canonicalJson } from '@solvent-por/verifier';
import type { Vector } from '../vectors';
import { madeClaims } from './claim-proofs';

/** Input of a `claim-link` vector (private claims, section 9). */
export interface LinkVectorInput {
  /** An address with a fragment, or the fragment alone with its `#`. */
  readonly link: string;
}

/** A claim is at most so many bytes (section 4). */
const LONGEST = 4096;
const PAGE = 'https://proof.example/';

/** In Buffer's base64url, for the reader's is a package's. */
const encoded = (document: Uint8Array): string => Buffer.from(document).toString('base64url');
const linkTo = (document: Uint8Array): string => `${PAGE}#shown=${encoded(document)}`;

export function linkVectors(): Vector[] {
  const made = madeClaims().claim('exactly');
  // A digit more or less of the threshold, and the last character has 0, 4 or 2 unused bits.
  const [whole, oneOver, twoOver] = [0, 1, 2].map((over) => {
    const documents = [1n, 10n, 100n].map((threshold) => encodeClaim({ ...made, threshold }));
    return documents.find(({ length }) => length % 3 === over)!;
  }) as [Uint8Array, Uint8Array, Uint8Array];
  const exact = encodeClaim(made);
  const link = linkTo(whole);
  const readable = JSON.parse(Buffer.from(whole).toString()) as Record<string, unknown>;
  /** JCS that is no claim, of so many bytes. */
  const filledTo = (length: number) => {
    const bare = canonicalJson({ ...readable, more: '' });
    return utf8(canonicalJson({ ...readable, more: 'a'.repeat(length - bare.length) }));
  };
  const claim = encoded(whole);
  const middle = Math.floor(claim.length / 8) * 4;
  const insertedInto = (text: string) =>
    `${PAGE}#shown=${claim.slice(0, middle)}${text}${claim.slice(middle)}`;
  const letter = (at: number, by: string) => `${PAGE}#shown=${claim.slice(0, at)}${by}${claim.slice(at + 1)}`;

  const taken: [string, string, Uint8Array][] = [
    ['an-address', linkTo(exact), exact],
    ['an-address-with-a-query', `${PAGE}page?a=b#shown=${encoded(exact)}`, exact],
    ['the-fragment-alone', `#shown=${encoded(exact)}`, exact],
    ['last-character-with-four-unused-bits', linkTo(oneOver), oneOver],
    ['last-character-with-two-unused-bits', linkTo(twoOver), twoOver],
    ['of-the-highest-threshold', ...linked(encodeClaim({ ...made, threshold: 2n ** 67n - 1n, value: 1023 }))],
  ];
  const refused: [string, string, string][] = [
    ['no-fragment', 'CLAIM_LINK_NONE', PAGE],
    ['another-fragment', 'CLAIM_LINK_NONE', `${PAGE}#key=${'00'.repeat(32)}`],
    ['name-in-upper-case', 'CLAIM_LINK_NONE', link.replace('shown', 'SHOWN')],
    ['behind-another-member', 'CLAIM_LINK_NONE', link.replace('#', '#a=b&')],
    ['in-the-query', 'CLAIM_LINK_NONE', link.replace('#', '?')],
    ['cut-off-by-one-character', 'CLAIM_LINK_DAMAGED', link.slice(0, -1)],
    ['cut-off-to-one-character-too-many', 'CLAIM_LINK_DAMAGED', link.slice(0, -3)],
    ['cut-off-between-bytes', 'DOCUMENT_MALFORMED', link.slice(0, -4)],
    ['a-character-changed', 'DOCUMENT_MALFORMED', letter(0, 'f')],
    ['a-character-of-the-other-alphabet', 'CLAIM_LINK_DAMAGED', letter(middle, '+')],
    ['a-letter-beyond-ascii', 'CLAIM_LINK_DAMAGED', letter(middle, 'ａ')],
    ['padded', 'CLAIM_LINK_DAMAGED', `${linkTo(twoOver)}=`],
    ['padded-twice', 'CLAIM_LINK_DAMAGED', `${linkTo(oneOver)}==`],
    ['padding-percent-encoded', 'CLAIM_LINK_DAMAGED', `${linkTo(twoOver)}%3D`],
    ['padded-where-nothing-is-left-over', 'CLAIM_LINK_DAMAGED', `${link}====`],
    ['unused-bits-of-four-not-zero', 'CLAIM_LINK_DAMAGED', bitSet(linkTo(oneOver))],
    ['unused-bits-of-two-not-zero', 'CLAIM_LINK_DAMAGED', bitSet(linkTo(twoOver))],
    ['a-line-break-in-it', 'CLAIM_LINK_DAMAGED', insertedInto('\n')],
    ['a-blank-in-it', 'CLAIM_LINK_DAMAGED', insertedInto(' ')],
    ['a-full-stop-after-it', 'CLAIM_LINK_DAMAGED', `${link}.`],
    ['another-member-after-it', 'CLAIM_LINK_DAMAGED', `${link}&a=b`],
    ['twice', 'CLAIM_LINK_DAMAGED', `${link}#shown=${claim}`],
    ['longer-than-4096-bytes', 'CLAIM_LINK_DAMAGED', linkTo(filledTo(LONGEST + 1))],
    ['4096-bytes-that-are-no-claim', 'CLAIM_MALFORMED', linkTo(filledTo(LONGEST))],
    ['empty', 'DOCUMENT_MALFORMED', `${PAGE}#shown=`],
    ['an-empty-object', 'CLAIM_MALFORMED', linkTo(utf8('{}'))],
    [
      'a-line-break-after-the-claim',
      'DOCUMENT_NOT_CANONICAL',
      linkTo(utf8(`${Buffer.from(whole).toString()}\n`)),
    ],
    [
      'nullifier-is-the-order',
      'CLAIM_ELEMENT',
      linkTo(utf8(canonicalJson({ ...readable, nullifier: toHex(toBytes(BN254_R)) }))),
    ],
  ];
  return [
    ...taken.map(([name, text, document]): Vector => {
      const expected = {
        claim: Buffer.from(document).toString(),
        fragment: text.slice(text.indexOf('#') + 1),
      };
      return { kind: 'correct', name, input: { link: text } satisfies LinkVectorInput, expected };
    }),
    ...refused.map(([name, code, text]): Vector => {
      return { kind: 'malformed', name, input: { link: text } satisfies LinkVectorInput, expected: { code } };
    }),
  ];
}

function linked(document: Uint8Array): [string, Uint8Array] {
  return [linkTo(document), document];
}

/** The next character: it differs in the lowest bit, as the right one has none there. */
function bitSet(link: string): string {
  return link.slice(0, -1) + String.fromCharCode(link.charCodeAt(link.length - 1) + 1);
}
