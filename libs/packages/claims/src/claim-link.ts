import { SolventError } from '@solvent-por/kzg';
import { base64urlnopad } from '@scure/base';
import { MAX_CLAIM_BYTES, parseClaim } from './claim';

/** What stands before the claim in the fragment of a link. */
const MEMBER = 'shown=';
/** Characters of the longest claim, and of an address before it. */
const [MOST_CHARACTERS, LONGEST_ADDRESS_CHARACTERS] = [Math.ceil((MAX_CLAIM_BYTES * 4) / 3), 2048];

/**
 * The fragment of a link that shows a claim: `shown=` and base64url, without padding, of the document's bytes.
 * Behind a page's address and `#` it is sent to no server by whoever opens it.
 *
 * @param document the claim's bytes, as `encodeClaim` makes them: at most 4,096
 * @throws SolventError as `parseClaim` (kind malformed)
 */
export function claimFragment(document: Uint8Array): string {
  parseClaim(document);
  return MEMBER + base64urlnopad.encode(document);
}

/**
 * The claim in a link. The address before it is whoever's who wrote the link: nothing there is a reason to
 * believe the claim, which is to be verified like one from a file.
 *
 * @param text a whole link, or its fragment with or without `#`; blanks around it are forgiven
 * @returns the document's bytes, which are a claim's: see `parseClaim`
 * @throws SolventError CLAIM_LINK_NONE | CLAIM_LINK_DAMAGED, and those of `parseClaim` (kind malformed)
 */
export function readClaimLink(text: string): Uint8Array {
  const tidy = text.trim();
  const fragment = tidy.startsWith(MEMBER) ? tidy : tidy.slice(tidy.indexOf('#') + 1);
  if (!fragment.startsWith(MEMBER))
    throw refusal(
      'CLAIM_LINK_NONE',
      `there is no claim in this link, which would end with #${MEMBER}…: copy the whole of it, or ask for the claim as a file`,
    );
  const encoded = fragment.slice(MEMBER.length);
  if (encoded.length > MOST_CHARACTERS || tidy.length > MOST_CHARACTERS + LONGEST_ADDRESS_CHARACTERS)
    throw refusal('CLAIM_LINK_DAMAGED', 'the link is longer than that of any claim: ask for it once more');
  try {
    // Of several texts for the same bytes it takes one alone.
    return parsed(base64urlnopad.decode(encoded));
  } catch (error) {
    if (error instanceof SolventError) throw error;
    throw refusal(
      'CLAIM_LINK_DAMAGED',
      'the link was cut off or changed on its way: ask for it once more, or for the claim as a file',
    );
  }
}

function parsed(document: Uint8Array): Uint8Array {
  parseClaim(document);
  return document;
}

function refusal<C extends 'CLAIM_LINK_NONE' | 'CLAIM_LINK_DAMAGED'>(code: C, message: string) {
  return new SolventError(code, 'malformed', message);
}
