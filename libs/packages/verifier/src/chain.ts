import { equalBytes, hexBytes, toHex } from '@solvent-por/kzg';
import * as finding from './finding';
import type { Findings } from './findings';
import { manifestDigest, verifyManifestSignature, type Manifest } from './manifest';
import { clockText, daysAhead } from './taken-at';
import { Trusted } from './trusted';
import { invalid, valid, type Invalid, type Verdict } from './verdict';

/**
 * What a manifest is compared with; a member that is there must be what it says, one that isn't is not
 * checked (see `Trusted`).
 */
export interface ManifestTrust {
  /** The key the verifier knows the operator by: 32 bytes, as `parseOperatorKey` gives them. */
  readonly operator?: Uint8Array;
  /** Manifests seen before, in any order. */
  readonly previous?: readonly Manifest[];
  /**
   * Keys that the verifier knew the operator by before, 32 bytes each: a chain under a new key may follow a
   * manifest of theirs, and leave later ones of theirs behind (LEFT_BEHIND). The verdict says so.
   */
  readonly formerOperators?: readonly Uint8Array[];
  /**
   * What the verifier's clock says: a snapshot taken later than a day ahead of it is noted (TAKEN_IN_FUTURE),
   * never refused, for the clock may be the one that is wrong.
   */
  readonly now?: Date;
}

/**
 * Whether a manifest is the operator's own and the next one of their chain (section 10).
 *
 * Every known manifest must verify by itself under the same key, or one of `formerOperators`, and all of them
 * must be linked to this one without a gap: the newest is its predecessor, or is this same manifest again. Of
 * former keys those may be left out that follow what the chain took up, and are none of it.
 *
 * @param trust `{}` compares with nothing, and the verdict says so
 * @throws SolventError TRUSTED_MALFORMED (kind usage): a member of `trust` is there but undefined, or of
 *   another type, or not known
 * @returns codes of refusal: SIGNATURE_INVALID, OPERATOR_UNEXPECTED, PREVIOUS_SIGNATURE_INVALID,
 *   PREVIOUS_OTHER_OPERATOR,
 *   CHAIN_OLDER (a known one is newer), CHAIN_RESTARTED (previous is null), CHAIN_FORKED (two after the same
 * one), CHAIN_GAP, CHAIN_TIME
 */
export function verifyManifestTrust(manifest: Manifest, trust: ManifestTrust): Verdict {
  const { operator, previous: known = [], formerOperators = [], now } = readManifestTrust(trust);
  const former = new Set(formerOperators.map(toHex));
  const key = manifest.header.operator;
  if (!verifyManifestSignature(manifest)) {
    return invalid('SIGNATURE_INVALID', `the manifest's signature is not by the key it names, ${key}`);
  }
  if (operator !== undefined && !equalBytes(operator, hexBytes(key, 32))) {
    return invalid(
      'OPERATOR_UNEXPECTED',
      `the manifest is signed by ${key}, not by the expected ${toHex(operator)}`,
    );
  }

  for (const earlier of known) {
    const refusal = refuseKnown(earlier, key, former);
    if (refusal) return refusal;
  }
  const link = linkBackwards(manifest, known);
  if ('valid' in link) return link;
  return valid(
    finding.operatorKey(key, operator && toHex(operator)),
    chainFindings(manifest, known, link.linked),
    finding.leftBehind(link.left.map(name)),
    finding.sameForAll(toHex(manifestDigest(manifest))),
    ...(now ? [clockFindings(manifest, now)] : []),
  );
}

/** The same, each member checked and copied. @throws SolventError TRUSTED_MALFORMED */
export function readManifestTrust(
  trust: unknown,
  name = 'trust',
  others: readonly string[] = [],
): ManifestTrust {
  const given = new Trusted(trust, name, ['operator', 'previous', 'formerOperators', 'now', ...others]);
  const [operator, previous] = [given.bytes('operator', 32), given.manifests('previous')];
  const formerOperators = given.bytesList('formerOperators', 32);
  const now = given.date('now');
  return {
    ...(operator && { operator }),
    ...(previous && { previous }),
    ...(formerOperators && { formerOperators }),
    ...(now && { now }),
  };
}

function refuseKnown(earlier: Manifest, key: string, former: ReadonlySet<string>): Invalid | undefined {
  const signer = earlier.header.operator;
  if (signer !== key && !former.has(signer)) {
    return invalid(
      'PREVIOUS_OTHER_OPERATOR',
      `the earlier manifest ${name(earlier)} is of another key, ${signer}; if the operator says in public that this was their key before, name it as a former one`,
    );
  }
  if (!verifyManifestSignature(earlier)) {
    return invalid(
      'PREVIOUS_SIGNATURE_INVALID',
      `the signature of the earlier manifest ${name(earlier)} is wrong`,
    );
  }
  return undefined;
}

interface Linked {
  readonly linked: readonly Manifest[];
  /** Of former keys, and not taken up by the chain. */
  readonly left: readonly Manifest[];
}

/** Follows `previous` from the manifest back until every known one has been met, or is left behind. */
function linkBackwards(manifest: Manifest, known: readonly Manifest[]): Invalid | Linked {
  const self = toHex(manifestDigest(manifest));
  const key = manifest.header.operator;
  const open = new Map(known.map((earlier) => [toHex(manifestDigest(earlier)), earlier]));
  open.delete(self);
  const fork = findFork([manifest, ...open.values()]);
  if (fork) return fork;
  const newer = [...open.values()].find(
    ({ header }) => header.operator === key && header.takenAt > manifest.header.takenAt,
  );
  if (newer) {
    return invalid('CHAIN_OLDER', `${name(newer)} was seen before and is newer than ${name(manifest)}`);
  }
  const linked = new Map<string, Manifest>();
  let current = manifest;
  for (;;) {
    const left = leftBehind(open, linked, key);
    if (left.length === open.size) return { linked: [...linked.values()], left };
    const previous = current.previous;
    if (previous === null) {
      return invalid(
        'CHAIN_RESTARTED',
        `${name(current)} claims to be the first of its chain, but ${seen(open)}: either that is a manifest of another chain, or the operator began anew; ask the operator why`,
      );
    }
    const earlier = open.get(previous);
    if (earlier === undefined) {
      return invalid(
        'CHAIN_GAP',
        `${name(current)} follows the manifest ${previous}, which was not given; ${seen(open)}: every one in between is needed, unless that is of another chain`,
      );
    }
    if (earlier.header.takenAt >= current.header.takenAt) {
      return invalid('CHAIN_TIME', `${name(current)} is not later than ${name(earlier)}, which it follows`);
    }
    open.delete(previous);
    linked.set(previous, earlier);
    current = earlier;
  }
}

/**
 * Of those not met yet the manifests of former keys that follow one which the chain took up, directly or over
 * others of their kind: what a new key's chain left when it went on from there. The latest first.
 */
function leftBehind(
  open: ReadonlyMap<string, Manifest>,
  linked: ReadonlyMap<string, Manifest>,
  key: string,
): readonly Manifest[] {
  const left = new Map<string, Manifest>();
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [digest, other] of open)
      if (other.header.operator !== key && other.previous !== null)
        if (linked.get(other.previous)?.header.operator === other.header.operator || left.has(other.previous))
          left.set(digest, other);
  }
  return [...left.values()].sort((a, b) => (a.header.takenAt < b.header.takenAt ? 1 : -1));
}

/**
 * Two different manifests of one key after the same one: evidence that the operator shows different people
 * different chains.
 */
function findFork(manifests: readonly Manifest[]): Invalid | undefined {
  const followers = new Map<string, Manifest>();
  for (const manifest of manifests) {
    if (manifest.previous === null) continue;
    const place = `${manifest.header.operator} ${manifest.previous}`;
    const rival = followers.get(place);
    if (rival) {
      return invalid(
        'CHAIN_FORKED',
        `${name(rival)} and ${name(manifest)} both follow the manifest ${manifest.previous}: the operator signed two chains`,
      );
    }
    followers.set(place, manifest);
  }
  return undefined;
}

function chainFindings(
  manifest: Manifest,
  known: readonly Manifest[],
  linked: readonly Manifest[],
): Findings {
  const oldest = linked.at(-1);
  const { operator } = manifest.header;
  const last = linked.find(({ header }) => header.operator !== operator);
  if (oldest && last)
    return finding.followsFormerKey(linked.length, name(oldest), name(last), {
      ...{ operator, former: last.header.operator },
    });
  if (oldest) return finding.follows(linked.length, name(oldest));
  return known.length > 0
    ? finding.seenBefore(toHex(manifestDigest(manifest)))
    : finding.chainNotChecked(manifest.previous);
}

/** A snapshot taken in the future is no error: the clock that is asked may be the one that is wrong. */
function clockFindings({ header }: Manifest, now: Date): Findings {
  return finding.takenInFuture(header.takenAt, clockText(now), daysAhead(header, now));
}

/** Of several, the latest is named. */
function seen(open: ReadonlyMap<string, Manifest>): string {
  const [latest] = [...open.values()].sort((a, b) => (a.header.takenAt < b.header.takenAt ? 1 : -1));
  const more = open.size > 1 ? ` and ${open.size - 1} more` : '';
  return `${name(latest!)}${more} was seen before`;
}

function name({ header }: Manifest): string {
  return `${header.snapshot} (${header.takenAt})`;
}
