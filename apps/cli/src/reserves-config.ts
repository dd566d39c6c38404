import { dirname, join, resolve } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import { parseReserves, reservesDigest, type Reserves, type ReservesDraft } from '@solvent-por/reserves';
import { headerDigest, manifestDigest } from '@solvent-por/verifier';
import { about, readBounded, readManifest } from './files';
import { usage } from './reserves-outcome';

export const MOST_CONFIG_BYTES = 8 * 1024 * 1024;

/** What `solvent reserves build` is told. Paths start at the configuration's folder. */
export interface ReservesConfig extends Omit<
  ReservesDraft,
  'liabilities' | 'previous' | 'attested' | 'messages'
> {
  readonly messages?: readonly string[];
  readonly attested?: ReservesDraft['attested'];
  /** manifest.json of the liabilities, or both digests, or null. */
  readonly liabilities: string | ReservesDraft['liabilities'];
  /** The publication before this one, or its digest. */
  readonly previous?: string | null;
  /** Files of lines. */
  readonly lines?: readonly string[];
  readonly keys?: { readonly file: string } | { readonly environment: string };
}

/** The parts of a configuration that a document has, the files that it names read. */
export async function draftOf(value: unknown, file: string): Promise<ReservesDraft> {
  const {
    lines: _,
    keys: _k,
    liabilities,
    previous,
    messages = [],
    attested = [],
    ...rest
  } = configOf(value);
  const directory = dirname(resolve(file));
  return {
    ...rest,
    ...{ messages, attested },
    liabilities:
      typeof liabilities === 'string' ? await digestsOf(join(directory, liabilities)) : (liabilities ?? null),
    previous: previous ? await digestOf(previous, directory) : null,
  };
}

/** What a statement names, of a configuration or a publication. */
export async function statedOf(value: unknown, file: string): Promise<ReservesDraft> {
  const draft = await draftOf(value, file);
  for (const name of ['domain', 'operator', 'snapshot', 'takenAt', 'anchor'] as const)
    if (typeof draft[name] !== 'string') usage(`${file}: ${name} is missing`);
  const { networks, anchor } = draft;
  if (!Array.isArray(networks) || !networks.some((block: { network?: unknown }) => block?.network === anchor))
    usage(`${file}: networks must have the anchor's block`);
  return draft;
}

/** Checked member by member where the document is made. */
export function configOf(value: unknown): ReservesConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    usage('the configuration must be an object');
  return value as ReservesConfig;
}

async function digestsOf(manifest: string): Promise<NonNullable<Reserves['liabilities']>> {
  const { manifest: read } = await readManifest(manifest);
  return { header: toHex(headerDigest(read.header)), manifest: toHex(manifestDigest(read)) };
}

/** Of a publication's file; a digest itself as it stands. */
async function digestOf(previous: string, directory: string): Promise<string> {
  if (/^0x[0-9a-f]{64}$/.test(previous)) return previous;
  const file = join(directory, previous);
  const bytes = await readBounded(file, MOST_CONFIG_BYTES);
  return toHex(reservesDigest(about(file, () => parseReserves(bytes))));
}
