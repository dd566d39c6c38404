import { createClient, type SolventClient } from '@solvent-por/client';
import { boundedText } from './bounded-text';
import type { SourceConfig } from './page-config';
import { snapshotFacts, type SnapshotFacts } from './snapshot-facts';

/** A published snapshot as its source lists it. */
export interface Published {
  readonly id: string;
  /** The text of its manifest, byte for byte. */
  readonly manifest: string;
  readonly facts: SnapshotFacts;
}

/** What a source answered is not what it should be. */
export class SourceError extends Error {
  constructor(
    readonly code:
      | 'LIST_MALFORMED'
      | 'MANIFEST_MALFORMED'
      | 'NOTHING_PUBLISHED'
      | 'MANIFEST_OTHER'
      | 'FILE_OTHER_SNAPSHOT'
      | 'CLAIM_SNAPSHOT_UNKNOWN'
      | 'NETWORK_FAILED'
      | `HTTP_${number}`,
    message: string,
  ) {
    super(message);
  }
}

/** Where published files come from. Whatever it gives is to be verified. */
export interface Source {
  readonly config: SourceConfig;
  /** Names the exchange in what the browser remembers. */
  readonly exchange: string;
  readonly client: SolventClient;
  latest(signal?: AbortSignal): Promise<Published>;
  named(id: string, signal?: AbortSignal): Promise<Published>;
  /** All of them, newest first. */
  list(signal?: AbortSignal): Promise<Published[]>;
  /** The document of an account by its id in that snapshot; gateways only. */
  inclusion(snapshot: string, id: string, signal?: AbortSignal): Promise<string>;
  /** Whether reserves are published with a snapshot; folders of files only. */
  hasReserves(snapshot: string, signal?: AbortSignal): Promise<boolean>;
  /** Below which a snapshot's files are. */
  address(snapshot: string): string;
}

const LONGEST_LIST_BYTES = 1 << 20;
const MOST_SNAPSHOTS = 2000;
const decoder = () => new TextDecoder('utf-8', { fatal: true });

/** @param fetched instead of the browser's own */
export function openSource(
  config: SourceConfig,
  fetched: typeof fetch = (...given) => fetch(...given),
): Source {
  const client = createClient({ endpoint: config.address, fetch: fetched });
  const address = (snapshot: string) => `${config.address}snapshots/${encodeURIComponent(snapshot)}/`;
  const named = async (id: string, signal?: AbortSignal): Promise<Published> =>
    published(id, decoder().decode(await client.downloadManifest(id, { signal })));
  const list =
    config.kind === 'gateway'
      ? (signal?: AbortSignal) => listOfGateway(client, signal)
      : async (signal?: AbortSignal) => {
          const { snapshots: ids } = await listOfFolder(config.address, fetched, signal);
          return newestFirst(await Promise.all(ids.map((id) => named(id, signal))));
        };
  return {
    config,
    client,
    exchange: config.address,
    named,
    list,
    latest: async (signal) => {
      if (config.kind === 'gateway') {
        const snapshot = await client.latestSnapshot({ signal });
        if (snapshot) return named(snapshot.id, signal);
      } else {
        const [newest] = await list(signal);
        if (newest) return newest;
      }
      throw new SourceError('NOTHING_PUBLISHED', 'nothing has been published yet');
    },
    inclusion: async (snapshot, id, signal) =>
      (await client.inclusionProof(snapshot, id, { signal })).document,
    hasReserves: async (snapshot, signal) => {
      const { reserves } = await listOfFolder(config.address, fetched, signal);
      if (reserves) return reserves.includes(snapshot);
      const file = `${address(snapshot)}reserves.json`;
      return (await fetched(file, { method: 'HEAD', ...(signal && { signal }) })).ok;
    },
    address,
  };
}

async function listOfGateway(client: SolventClient, signal?: AbortSignal): Promise<Published[]> {
  const all: Published[] = [];
  for await (const { snapshot, document } of client.manifests({ first: 50, signal })) {
    all.push(published(snapshot, document));
    if (all.length >= MOST_SNAPSHOTS) break;
  }
  return newestFirst(all);
}

/** What stands in `snapshots.json` of a folder of published files. */
interface FolderList {
  readonly snapshots: string[];
  /** Those with reserves, where the folder says so. */
  readonly reserves?: string[];
}

/** `{"snapshots":["oct-2026","nov-2026"],"reserves":["nov-2026"]}`. */
async function listOfFolder(
  address: string,
  fetched: typeof fetch,
  signal?: AbortSignal,
): Promise<FolderList> {
  const response = await fetched(`${address}snapshots.json`, { ...(signal && { signal }) });
  if (!response.ok) throw new SourceError('LIST_MALFORMED', `snapshots.json: HTTP status ${response.status}`);
  const text = await boundedText(response, LONGEST_LIST_BYTES);
  const list = text === undefined ? undefined : listIn(text);
  if (!list) throw new SourceError('LIST_MALFORMED', 'snapshots.json is no list of snapshots');
  return list;
}

function listIn(text: string): FolderList | undefined {
  try {
    const { snapshots, reserves } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (!isList(snapshots)) return undefined;
    return { snapshots, ...(isList(reserves) && { reserves }) };
  } catch {
    return undefined;
  }
}

function isList(value: unknown): value is string[] {
  const isId = (id: unknown) => typeof id === 'string' && /^[A-Za-z0-9][\w.-]{0,99}$/.test(id);
  return Array.isArray(value) && value.length <= MOST_SNAPSHOTS && value.every(isId);
}

function published(id: string, manifest: string): Published {
  const facts = snapshotFacts(manifest);
  if (facts && facts.snapshot === id) return { id, manifest, facts };
  throw new SourceError('MANIFEST_MALFORMED', 'what came as a manifest is none, or is of another snapshot');
}

function newestFirst(all: readonly Published[]): Published[] {
  return [...all].sort((a, b) => (a.facts.takenAt < b.facts.takenAt ? 1 : -1));
}
