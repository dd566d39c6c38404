import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import { PACK_INDEX, readPackEntries, readPackHead } from '@solvent-por/prover';
import {
  checked,
  joinFindings,
  MAX_INCLUSION_BYTES,
  manifestDigest,
  notChecked,
  type Manifest,
} from '@solvent-por/verifier';
import { readBounded } from './files';
import type { CliFindings } from './findings';
import { count, plural, printable } from './format';
import { hasLinesName } from './lines-file';
import { placeName, type UserResult } from './verify-user-files';

/** Most files that are named one by one. */
const MOST_NAMED = 20;

/** What an index stands for: a file each, one of lines, or a sealed bundle. */
export type PackKind = 'files' | 'lines' | 'sealed';

/** What an index says of a folder, and what is there. */
export interface PackFindings {
  readonly index: string;
  readonly kind: PackKind;
  /** Proofs that the index names; of a sealed bundle its files. */
  readonly count: number;
  /** Of them those that are there as they were written. */
  readonly present: number;
  readonly missing: readonly string[];
  /** There, but not as the index says. */
  readonly changed: readonly string[];
  /** Named by the index more than once, as no index is that was written so: another name has gone. Of lines those that are there again. */
  readonly doubled: readonly string[];
  /** Inclusion proofs that the index doesn't name. */
  readonly foreign: readonly string[];
  /** The index belongs to another manifest: it says nothing about this snapshot. */
  readonly otherManifest: boolean;
}

/**
 * Compares folders with the indexes in them.
 * @param files inclusion proofs that are there
 * @throws SolventError INDEX_MALFORMED (malformed)
 */
export async function checkPacks(
  folders: readonly string[],
  files: readonly string[],
  manifest: Manifest,
): Promise<readonly PackFindings[]> {
  const packs: PackFindings[] = [];
  for (const folder of folders) {
    const head = await readPackHead(folder);
    if (!head) continue;
    const unnamed = new Set(
      files
        .filter((file) => !hasLinesName(file) && !relative(folder, file).startsWith('..'))
        .map((file) => relative(folder, file)),
    );
    const [missing, changed, doubled]: [string[], string[], string[]] = [[], [], []];
    let [present, named] = [0, 0];
    for await (const { name, sha256 } of readPackEntries(folder)) {
      named++;
      const file = join(folder, name);
      const first = unnamed.delete(join(name));
      if (!existsSync(file)) missing.push(name);
      else if ((await digestOf(file)) !== sha256) changed.push(name);
      else if (!first) doubled.push(name);
      else present++;
    }
    packs.push({
      index: join(folder, PACK_INDEX),
      kind: 'files',
      count: Math.max(head.count, named),
      present,
      missing: [...missing, ...cutOff(head.count - named)],
      changed,
      doubled,
      foreign: [...unnamed],
      otherManifest: head.manifest !== toHex(manifestDigest(manifest)),
    });
  }
  return packs;
}

export function isWhole({ missing, changed, doubled: twice, otherManifest }: PackFindings): boolean {
  return missing.length === 0 && changed.length === 0 && twice.length === 0 && !otherManifest;
}

/** For people: `2 of 3 inclusion proofs of user_proofs/index.ndjson are there; missing: …` */
export function packLines(pack: PackFindings): string[] {
  const { index, kind, count: all, present, missing, changed, doubled: twice, foreign, otherManifest } = pack;
  const name = printable(index);
  if (otherManifest)
    return [`${name} belongs to another manifest: it says nothing about this snapshot's proofs`];
  if (kind === 'sealed' && all === 0) return [`${name}: ${changed.map(printable).join(', ')}`];
  const [what, made] = kind === 'sealed' ? ['file', 'signed'] : ['inclusion proof', 'written'];
  return [
    `${count(present)} of ${plural(all, what)} of ${name} ${present === 1 ? 'is' : 'are'} there, as ${made}`,
    ...named('missing', missing),
    ...named(`not as it was ${made}`, changed),
    ...named(kind === 'lines' ? 'doubled' : 'named by it more than once', twice),
    ...named('not named by it', foreign),
  ];
}

/** Where there is no index nobody can know. */
export function packsFindings(packs: readonly PackFindings[], proofs: number): CliFindings {
  if (packs.length === 0 && proofs > 1)
    return notChecked(
      'INDEX_COMPLETE',
      `NOT checked whether inclusion proofs are missing: there is no ${PACK_INDEX}, which says how many there should be`,
    );
  return joinFindings<'INDEX_COMPLETE'>(
    ...packs
      .filter(isWhole)
      .map((pack) =>
        checked('INDEX_COMPLETE', packLines(pack)[0]!, { index: pack.index, proofs: pack.count }),
      ),
  );
}

/** Proofs of one account, where there are several: each list holds the same one more than once. */
export function doubled(results: readonly UserResult[]): readonly (readonly string[])[] {
  const byId = new Map<string, string[]>();
  for (const result of results) {
    if (result.status !== 'valid') continue;
    const place = placeName(result);
    const places = byId.get(result.id);
    if (places) places.push(place);
    else byId.set(result.id, [place]);
  }
  return [...byId.values()].filter(({ length }) => length > 1);
}

function named(what: string, names: readonly string[]): string[] {
  const shown = names.slice(0, MOST_NAMED).map((name) => `${what}: ${printable(name)}`);
  const rest = names.length - shown.length;
  return rest > 0 ? [...shown, `${what}: ${plural(rest, 'other')}`] : shown;
}

function cutOff(lines: number): string[] {
  return lines > 0 ? [`${plural(lines, 'file')} whose lines the index has lost`] : [];
}

/**
 * Undefined where there is something that cannot be read: a folder, say. It must not hide what is wrong with
 * others.
 */
async function digestOf(file: string): Promise<string | undefined> {
  const bytes = await readBounded(file, MAX_INCLUSION_BYTES).catch(() => undefined);
  return bytes && toHex(createHash('sha256').update(bytes).digest());
}
