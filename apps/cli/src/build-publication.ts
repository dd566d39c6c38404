import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import { SolventError, toHex, utf8 } from '@solvent-por/kzg';
import {
  ADDRESSES_FILE,
  buildReserves,
  MAX_RESERVE_LINE_BYTES,
  parsePlainJson,
  parseReserves,
  RESERVES_FILE,
  reservesDigest,
  verifyReserves,
  type DraftedLine,
} from '@solvent-por/reserves';
import { loadKeys } from '@solvent-por/snapshot/readers';
import { storing } from '@solvent-por/snapshot/files';
import { shellWord } from '@solvent-por/shared/terminal';
import { canonicalJson, splitLines } from '@solvent-por/verifier';
import type { Context, Outcome } from './context';
import { EXIT } from './exit-code';
import { about, readBounded, readPieces } from './files';
import { plural } from './format';
import { withFetchedEvidence } from './fetched-evidence';
import { nodesOf, type NodeOptions } from './reserve-nodes';
import { configOf, draftOf, MOST_CONFIG_BYTES } from './reserves-config';
import { usage } from './reserves-outcome';
import { jsonOf } from './reserves-trust';
import { writeNewFile } from './service/write-new-file';

export interface BuildOptions extends NodeOptions {
  readonly config: string;
  readonly lines?: readonly string[];
  readonly tokens?: string;
}

const PUBLIC = 0o644;

/** Makes, signs and verifies a publication, then writes it. */
export async function buildPublication(
  directory: string,
  options: BuildOptions,
  context: Context,
): Promise<Outcome> {
  const { config: file, lines: more = [] } = options;
  const configurations = await nodesOf(options, context);
  const tokens = options.tokens === undefined ? undefined : await jsonOf(options.tokens);
  const bytes = await readBounded(file, MOST_CONFIG_BYTES);
  const value = about(file, () => parsePlainJson(bytes, MOST_CONFIG_BYTES, 'the configuration'));
  const { keys, operator, lines: named = [] } = configOf(value);
  const folder = dirname(resolve(file));
  const files = [...named.map((one) => join(folder, one)), ...more];
  if (files.length === 0)
    usage('there are no lines: name files in "lines" of the configuration, or give --lines');
  const given = {
    lines: (await Promise.all(files.map(linesOf))).flat(),
    draft: await draftOf(value, file),
    proofs: 0,
  };
  // Nobody is asked about what has not the form of a publication.
  if (configurations.length > 0) about(file, () => buildReserves(given.draft, given.lines));
  const {
    lines: drafted,
    draft,
    proofs,
  } = configurations.length === 0 ? given : await withFetchedEvidence(given, configurations, tokens, context);
  const { unsigned, lines } = about(file, () => buildReserves(draft, drafted));
  const { signing } = await loadKeys({ operator, ...(keys && { keys }) }, folder);
  const signature = toHex(ed25519.sign(reservesDigest(unsigned), signing));
  const reserves = utf8(canonicalJson({ ...unsigned, signature }));
  const addresses = utf8(lines.map((line) => `${line}\n`).join(''));
  const verdict = await verifyReserves(reserves, pieces(addresses), {
    operator,
    ...(tokens !== undefined && { tokens }),
  });
  if (verdict.verdict !== 'right')
    throw new SolventError(verdict.code, 'invalid', `not published: ${verdict.reason}`);
  await storing(directory, () => mkdir(directory, { recursive: true }));
  await writeNewFile(join(directory, ADDRESSES_FILE), addresses, PUBLIC);
  await writeNewFile(join(directory, RESERVES_FILE), reserves, PUBLIC);
  const { say, style } = context;
  const digest = toHex(reservesDigest(parseReserves(reserves)));
  say(`${style.tick} wrote ${shellWord(directory)}: ${plural(lines.length, 'line')}, digest ${digest}`);
  if (configurations.length > 0) say(`${plural(proofs, 'state proof')} fetched from nodes`);
  say('Publish both files, and the digest in a place that all can see.');
  return {
    exitCode: EXIT.valid,
    oneLine: true,
    document: { directory, digest, lines: lines.length, ownership: verdict.ownership, proofs },
  };
}

async function linesOf(file: string): Promise<readonly DraftedLine[]> {
  const lines: DraftedLine[] = [];
  for await (const line of splitLines(readPieces(file), () => MAX_RESERVE_LINE_BYTES))
    lines.push(
      about(file, () =>
        parsePlainJson(line, MAX_RESERVE_LINE_BYTES, `line ${lines.length + 1}`),
      ) as DraftedLine,
    );
  return lines;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
