import { hexBytes, utf8, concat } from '@solvent-por/kzg';
import {
  canonicalJson,
  headerDigest,
  MAX_MANIFEST_BYTES,
  parseCanonical,
  parseManifest,
  verifyEd25519,
  type Header,
} from '@solvent-por/verifier';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Reserves } from '../documents/reserves';
import { untrue } from '../failure';
import { hexOf } from '../hex';

/** The liabilities that a publication is bound to, as far as a comparison needs them. */
export interface LiabilitiesManifest {
  readonly header: Header;
  /** Decimal strings, one for each published value of the header's layout. */
  readonly totals: readonly string[];
}

/** Such a manifest, read, with its digest. */
export interface ReadManifest extends LiabilitiesManifest {
  /** 0x and 64 digits */
  readonly digest: string;
}

const NO_COLUMNS = `0x${'00'.repeat(32)}`;

/**
 * Reads a manifest of liabilities and its signature. One from before batches' columns were digested in it
 * (§8 of the liability proof) is compared with all the same: what it says is the operator's word until a
 * global proof shows it, and no such proof verifies under it.
 *
 * @param bytes its JCS form
 * @throws SolventError of `parseManifest` (kind malformed), MANIFEST_UNTRUE (kind invalid)
 */
export function readManifest(bytes: Uint8Array): ReadManifest {
  const value = parseCanonical(bytes, MAX_MANIFEST_BYTES, 'manifest');
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { header, totals, signature } = parseManifest(
    isObject && !Object.hasOwn(value, 'columns') ? { ...value, columns: NO_COLUMNS } : value,
  );
  const { signature: _, ...unsigned } = value as Readonly<Record<string, unknown>>;
  const digest = sha256(concat(utf8('solvent/v1/manifest'), utf8(canonicalJson(unsigned))));
  if (!verifyEd25519(hexBytes(signature, 64), digest, hexBytes(header.operator, 32)))
    untrue('MANIFEST_UNTRUE', `the manifest is not signed by the key it names, ${header.operator}`);
  return { header, totals, digest: hexOf(digest) };
}

/** R9: the manifest is the one that the publication names. @throws SolventError MANIFEST_UNTRUE */
export function checkBound(reserves: Reserves, { header, digest }: ReadManifest): void {
  const { liabilities } = reserves;
  if (liabilities === null)
    return untrue('MANIFEST_UNTRUE', 'the publication is bound to no liabilities: leave the manifest out');
  const compared = [
    ['operator', reserves.operator, header.operator],
    ['snapshot', reserves.snapshot, header.snapshot],
    ['takenAt', reserves.takenAt, header.takenAt],
    ['header digest', liabilities.header, hexOf(headerDigest(header))],
    ['digest', liabilities.manifest, digest],
  ] as const;
  for (const [what, named, own] of compared)
    if (named !== own)
      untrue(
        'MANIFEST_UNTRUE',
        `the manifest is another one than the publication names: its ${what} is ${own}, not ${named}`,
      );
}
