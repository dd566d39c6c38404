import { hexBytes } from '@solvent-por/kzg';
import { verifyManifestTrust, type Manifest } from '@solvent-por/verifier';
import { digestOf, linkOf } from './chain-link';
import { signatureFacts } from './facts';
import type { Step } from './report';

/** What is known besides the documents of this check. */
export interface KnownBefore {
  /** The operator's key that the page was set up with: 0x and 64 hex digits. */
  readonly expected?: string;
  /** The last manifest that this browser saw of this exchange, from an earlier visit. */
  readonly remembered?: Manifest;
  /** Manifests that the source published, for what lies between. */
  readonly published: readonly Manifest[];
  readonly now: Date;
}

/**
 * "The operator signed it, and it follows the snapshot before." Checked only where the key is known from
 * somewhere else, and where there is a manifest to follow, or it is the first.
 */
export function signatureStep(manifest: Manifest, known: KnownBefore): Step {
  const { operator } = manifest.header;
  const base = {
    id: 'signature',
    facts: signatureFacts(manifest),
    section: 10,
    values: { key: operator.slice(2, 10) },
  } as const;
  const said = (state: Step['state'], why: string, more: Partial<Step> = {}): Step => ({
    ...base,
    ...more,
    state,
    why,
    values: { ...base.values, ...more.values },
  });

  const own = verifyManifestTrust(manifest, { now: known.now });
  if (!own.valid) return said('false', 'signature', { code: own.code });
  const expected = known.expected ?? known.remembered?.header.operator;
  if (expected !== undefined && expected !== operator)
    return said('false', known.expected === undefined ? 'keyChanged' : 'otherOperator', {
      code: 'OPERATOR_UNEXPECTED',
      values: { known: expected.slice(2, 10) },
    });
  const chain = chainOf(manifest, known);
  if (chain.state === 'false') return said('false', chain.why, { code: chain.code, values: chain.values });
  if (expected === undefined) return said('open', 'firstVisit', { values: chain.values });
  return said(chain.state, chain.why, { values: chain.values });
}

type Chained =
  | { readonly state: 'checked' | 'open'; readonly why: string; readonly values: Record<string, string> }
  | {
      readonly state: 'false';
      readonly why: string;
      readonly code: string;
      readonly values: Record<string, string>;
    };

function chainOf(manifest: Manifest, { remembered, published, now }: KnownBefore): Chained {
  const self = digestOf(manifest);
  const before = published.find((other) => digestOf(other) === manifest.previous);
  if (remembered && digestOf(remembered) !== self) {
    const link = linkOf(manifest, remembered, published);
    if (!link) return broken(manifest, remembered, now);
    const verdict = verifyManifestTrust(link.newer, {
      operator: hexBytes(remembered.header.operator, 32),
      previous: [...link.between, link.older],
      now,
    });
    if (!verdict.valid) return refused(verdict.code, remembered);
    const follows = link.newer === manifest;
    return { state: 'checked', why: follows ? 'follows' : 'precedes', values: dated(remembered) };
  }
  if (!before) {
    if (remembered) return { state: 'checked', why: 'same', values: {} };
    return { state: 'open', why: manifest.previous === null ? 'first' : 'previousMissing', values: {} };
  }
  const verdict = verifyManifestTrust(manifest, {
    operator: hexBytes(manifest.header.operator, 32),
    previous: [before],
    now,
  });
  if (!verdict.valid) return refused(verdict.code, before);
  return { state: 'checked', why: 'follows', values: dated(before) };
}

/** No way leads from one to the other: a fork, a chain begun anew, or one in between that is not at hand. */
function broken(manifest: Manifest, remembered: Manifest, now: Date): Chained {
  const [newer, older] =
    manifest.header.takenAt >= remembered.header.takenAt ? [manifest, remembered] : [remembered, manifest];
  const verdict = verifyManifestTrust(newer, { previous: [older], now });
  const code = verdict.valid ? 'CHAIN_GAP' : verdict.code;
  if (code !== 'CHAIN_GAP') return refused(code, remembered);
  return { state: 'open', why: 'gap', values: dated(remembered) };
}

function refused(code: string, other: Manifest): Chained {
  return { state: 'false', why: 'chain', code, values: dated(other) };
}

function dated({ header }: Manifest): Record<string, string> {
  return { other: header.takenAt };
}
