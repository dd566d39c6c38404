import type { Calls } from '../worker/calls';
import type { KnownTexts, Typed } from '../worker/protocol';
import type { Documents } from './documents';
import type { Dropped } from './dropped';
import { manifestNamedBy } from './dropped';
import { recall, remember, type Store } from './memory';
import type { PageConfig } from './page-config';
import { codeOf, problemOf, type Problem } from './problem';
import type { AccountReport } from './report';
import type { SnapshotFacts } from './snapshot-facts';
import type { Published, Source } from './source';

/** What a check needs from the page. */
export interface CheckTools {
  readonly config: PageConfig;
  readonly source: Source;
  readonly calls: Pick<Calls, 'ask'>;
  readonly store: Store | undefined;
}

export type CheckedReport = Extract<AccountReport, { kind: 'checked' }>;

export type Outcome =
  | {
      readonly kind: 'report';
      readonly report: CheckedReport;
      readonly documents: Documents;
      readonly from: 'gateway' | 'sealed' | 'file';
      readonly host?: { readonly shards: number; readonly sharing: number };
      /** What was typed beside a file is no key: nothing was checked against it. */
      readonly complaint?: { readonly problem: string; readonly digits: number };
    }
  | {
      readonly kind: 'missing';
      readonly facts: SnapshotFacts;
      /** The operator has signed that the list is whole. */
      readonly signed: boolean;
      readonly input: 'key' | 'identifier';
    }
  | { readonly kind: 'malformed'; readonly problem: string; readonly digits: number }
  | { readonly kind: 'problem'; readonly problem: Problem; readonly snapshot?: string };

export type Stage = 'manifest' | 'lookUp' | 'verify';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Looks an account up in a snapshot and checks it. What is sent of the user is the id in that snapshot alone. */
export async function checkTyped(
  tools: CheckTools,
  snapshot: string | Published,
  text: string,
  onStage: (stage: Stage) => void,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { source, calls, config } = tools;
  const typed: Typed = { text, identifiers: config.identifiers };
  try {
    onStage('manifest');
    const published = typeof snapshot === 'string' ? await source.named(snapshot, signal) : snapshot;
    const { manifest, facts, id } = published;
    const who = await calls.ask('identify', { manifest, typed });
    if (who.kind === 'malformed') return { kind: 'malformed', problem: who.problem, digits: who.digits ?? 0 };
    onStage('lookUp');
    const known = knownOf(tools, await atHand(source, signal));
    const missing = (signed: boolean): Outcome => ({ kind: 'missing', facts, signed, input: who.kind });
    if (source.config.kind === 'files' || source.config.sealed) {
      const address = `${source.address(id)}sealed/`;
      const found = await calls.ask('sealed', { manifest: bytes(manifest), address, typed, known });
      const { shards, sharing, outcome } = found;
      if (outcome === 'absent') return missing(true);
      if (outcome !== 'included')
        return { kind: 'problem', problem: { kind: 'rubbish', code: found.code, message: found.reason } };
      const documents = { manifest: bytes(manifest), proof: found.document };
      return finished(tools, found.report, documents, 'sealed', { shards, sharing });
    }
    let document: string;
    try {
      document = await source.inclusion(id, who.id, signal);
    } catch (error) {
      if (codeOf(error) === 'ACCOUNT_NOT_FOUND') return missing(false);
      throw error;
    }
    onStage('verify');
    const documents = { manifest: bytes(manifest), proof: bytes(document) };
    const report = await calls.ask('check', {
      manifest: documents.manifest,
      inclusion: documents.proof,
      typed,
      known,
    });
    return finished(tools, report, documents, 'gateway');
  } catch (error) {
    return { kind: 'problem', problem: problemOf(error) };
  }
}

/**
 * Checks a file that the user brought. Nothing is fetched for it: its manifest is one that was brought along,
 * or is at hand already.
 * @param atHandAlready manifests that the page has loaded before
 */
export async function checkDropped(
  tools: CheckTools,
  { proof, manifest, global, unknown }: Dropped,
  atHandAlready: readonly string[],
  text: string | undefined,
  onStage: (stage: Stage) => void,
): Promise<Outcome> {
  const { calls, config } = tools;
  const problem = (kind: Problem['kind'], code: string, message: string): Outcome => ({
    kind: 'problem',
    problem: { kind, code, message },
  });
  try {
    if (!proof)
      return manifest || global
        ? problem('needProof', 'PROOF_MISSING', 'no proof of an account was among the files')
        : problem('file', 'FILE_UNKNOWN', unknown.join(', '));
    onStage('verify');
    const known = knownOf(tools, atHandAlready);
    const others = [known.remembered, ...atHandAlready].flatMap((one) =>
      one === undefined ? [] : [bytes(one)],
    );
    const wanted = manifestNamedBy(proof);
    if (!manifest && wanted === undefined)
      return problem('proof', 'INCLUSION_MALFORMED', 'it names no manifest');
    const own = await manifestOf(calls, manifest, others, wanted);
    if (!own) return problem('needManifest', 'MANIFEST_MISSING', wanted ?? '');
    const typed = text === undefined ? undefined : { text, identifiers: config.identifiers };
    const manifestText = new TextDecoder().decode(own);
    const who =
      typed && (await calls.ask('identify', { manifest: manifestText, typed }).catch(() => undefined));
    const report = await calls.ask('check', {
      manifest: own,
      inclusion: proof,
      known,
      ...(typed && { typed }),
    });
    const outcome = finished(tools, report, { manifest: own, proof }, 'file');
    return outcome.kind === 'report' && who?.kind === 'malformed'
      ? { ...outcome, complaint: { problem: who.problem, digits: who.digits ?? 0 } }
      : outcome;
  } catch (error) {
    return { kind: 'problem', problem: problemOf(error) };
  }
}

function finished(
  { store, source }: CheckTools,
  report: AccountReport,
  documents: Documents,
  from: 'gateway' | 'sealed' | 'file',
  host?: { shards: number; sharing: number },
): Outcome {
  if (report.kind === 'unreadable')
    return {
      kind: 'problem',
      problem: {
        // What a server sent is not what a user can download again in a better state.
        kind: from === 'file' ? report.document : 'rubbish',
        code: report.code,
        message: report.reason.slice(0, 300),
      },
    };
  const signature = report.steps.find(({ id }) => id === 'signature');
  // What could not be linked to the one that is kept would hide from the next visit that it could not.
  if (from !== 'file' && signature?.state !== 'false' && signature?.why !== 'gap')
    remember(store, source.exchange, new TextDecoder().decode(documents.manifest));
  return { kind: 'report', report, documents, from, ...(host && { host }) };
}

/** The operator's key that the page was set up with, or else the one that this browser saw before. */
export function expectedOperator({
  config,
  source,
  store,
}: Pick<CheckTools, 'config' | 'source' | 'store'>): string | undefined {
  return config.operator ?? recall(store, source.exchange)?.operator;
}

export function knownOf({ config, source, store }: CheckTools, published: readonly string[]): KnownTexts {
  const seen = recall(store, source.exchange);
  return {
    ...(config.operator !== undefined && { expected: config.operator }),
    ...(seen && { remembered: seen.manifest }),
    published,
  };
}

/** The chain, as far as the source gives it: without it the check goes on, and says so. */
async function atHand(source: Source, signal?: AbortSignal): Promise<readonly string[]> {
  try {
    return (await source.list(signal)).map(({ manifest }) => manifest);
  } catch {
    return [];
  }
}

/**
 * The manifest that a proof names: the one that was brought along, or another at hand. One of another snapshot
 * makes no proof false that was dropped beside it; one that is none is for the check to say.
 */
async function manifestOf(
  calls: Pick<Calls, 'ask'>,
  brought: Uint8Array | undefined,
  others: readonly Uint8Array[],
  digest: string | undefined,
): Promise<Uint8Array | undefined> {
  const all = [...(brought ? [brought] : []), ...others];
  const texts = all.map((one) => new TextDecoder().decode(one));
  const { links } = await calls.ask('chain', { manifests: texts });
  const named = all[links.findIndex((link) => link.digest === digest)];
  const isNone = digest === undefined || !links[0]?.report;
  return named ?? (brought && isNone ? brought : undefined);
}
