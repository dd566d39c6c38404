import type { Command } from 'commander';
import { equalBytes, SolventError, toHex } from '@solvent-por/kzg';
import { OUTPUT } from '@solvent-por/prover';
import {
  documentKind,
  explainDocument,
  layoutOf,
  looseText,
  manifestDigest,
  MAX_INCLUSION_BYTES,
  MAX_MANIFEST_BYTES,
  maxProofLineBytes,
  parseInclusion,
  parseManifest,
  parseProofLine,
  splitLines,
  type DocumentKind,
  type Header,
  type Inclusion,
  type Manifest,
  type Tier,
} from '@solvent-por/verifier';
import { manifestBeside, type FoundManifest } from '../beside';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { about, readBounded, readPieces } from '../files';
import { count, plural, printable, readableAmount, size } from '../format';
import { inspectInput } from '../inspect-input';
import { manifestDocument, sayManifest } from '../manifest-summary';
import { folded, inLines } from '../screen';
import { accountDocuments, valueTable } from '../values';
import { examples, type Run } from './command';

interface InspectArguments {
  readonly config?: string;
}

export function registerInspect(program: Command, run: Run): void {
  program
    .command('inspect')
    .summary('show what a manifest, a proof or balance files say, without judging them')
    .description(
      'Shows what a manifest, a global proof or an inclusion proof says. Nothing is verified. With --config it shows what balance files hold, and which changes of the ' +
        'configuration they ask for: assets that nobody holds, balances that need another scale.',
    )
    .argument('<FILE>', 'manifest.json, global-proof.ndjson, an inclusion proof; with --config balance files')
    .option('--config <FILE>', 'configuration to read balance files by')
    .addHelpText(
      'after',
      examples(
        'solvent inspect global-proof.ndjson',
        'solvent inspect demo/accounts --config demo/snapshot.json',
      ),
    )
    .action((file: string, options: InspectArguments) =>
      run('inspect', (context) => inspect(file, options, context)),
    );
}

async function inspect(file: string, { config }: InspectArguments, context: Context): Promise<Outcome> {
  if (config !== undefined)
    return { exitCode: EXIT.valid, document: { file, ...(await inspectInput(file, config, context)) } };
  const start = await readBounded(file, MAX_INCLUSION_BYTES);
  const document = await inspectBytes(file, start, context);
  context.say();
  context.say(`${context.style.warning} this only shows what ${printable(file)} says: nothing was verified`);
  return { exitCode: EXIT.valid, document: { file, verified: false, ...document } };
}

/**
 * A manifest and an inclusion proof are known by their members; where more follows a manifest in another
 * line, it is a global proof.
 * @throws SolventError FILE_UNKNOWN where the bytes are no document of ours at all; MANIFEST_MALFORMED, …
 */
async function inspectBytes(
  file: string,
  start: Uint8Array,
  context: Context,
): Promise<Record<string, unknown>> {
  const { kind, whole } = kindOf(start);
  if (kind === 'inclusion')
    return inspectInclusion(
      file,
      about(file, () => parseInclusion(start)),
      context,
    );
  if (kind !== 'manifest')
    throw new SolventError(
      'FILE_UNKNOWN',
      'malformed',
      `${printable(file)} is neither a manifest nor a global proof nor an inclusion proof: it ${explainDocument(start, 'document of ours')}; to inspect balance files, give --config`,
    );
  if (!whole) return inspectGlobal(file, context);
  return inspectManifest(
    about(file, () => parseManifest(start)),
    context,
  );
}

/** Of the whole file, however it was saved, or of its first line, whatever follows. */
function kindOf(start: Uint8Array): { readonly kind: DocumentKind | undefined; readonly whole: boolean } {
  const text = looseText(start)?.text ?? '';
  for (const part of [text, text.split('\n', 1)[0]!]) {
    try {
      return { kind: documentKind(JSON.parse(part)), whole: part === text };
    } catch {
      // The next part, or none.
    }
  }
  return { kind: cutOff(text), whole: true };
}

/** What begins as one of ours is refused as such. Members are sorted. */
function cutOff(text: string): DocumentKind | undefined {
  if (text.startsWith('{"batchCount":')) return 'manifest';
  return text.startsWith('{"accountPath":') ? 'inclusion' : undefined;
}

function inspectManifest(manifest: Manifest, context: Context): Record<string, unknown> {
  sayManifest(manifest, context);
  sayAssets(manifest.header, context);
  return { type: 'manifest', manifest: manifestDocument(manifest), header: manifest.header };
}

async function inspectInclusion(
  file: string,
  inclusion: Inclusion,
  context: Context,
): Promise<Record<string, unknown>> {
  const { say, style, screen } = context;
  const { batch, row, values, path } = inclusion;
  const [id, digest] = [toHex(inclusion.id), toHex(inclusion.manifest)];
  say(`Inclusion proof of account ${id} (its id in this snapshot alone)`);
  say(`batch ${count(batch)}, row ${count(row)}; ${plural(path.length, 'sibling')} up to the root`);
  say(`of manifest ${digest}`);
  const beside = await ownManifest(file, inclusion);
  say();
  if (!beside) {
    for (const line of inLines(plural(values.length, 'value'), values.map(String), 'value', '  ', screen))
      say(line);
    say(
      `(of which assets, in which units and snapshot, is said by its manifest: put ${OUTPUT.manifest} beside it)`,
    );
  } else {
    const { header } = beside.manifest;
    say(`In snapshot ${style.paint('bold', header.snapshot)}, taken at ${header.takenAt} (${header.mode}),`);
    say(`by ${printable(beside.file)} beside it`);
    for (const line of valueTable(header, values, context, { account: true })) say(line);
  }
  return {
    type: 'inclusion',
    id,
    batch,
    row,
    manifestDigest: digest,
    header: beside?.manifest.header ?? null,
    values: beside ? accountDocuments(beside.manifest.header, values) : values.map(String),
  };
}

/** The manifest beside a proof, where it is the one that the proof names and has as many values. */
async function ownManifest(file: string, inclusion: Inclusion): Promise<FoundManifest | undefined> {
  const found = await manifestBeside([file]).catch(() => undefined);
  if (!found || !equalBytes(manifestDigest(found.manifest), inclusion.manifest)) return undefined;
  return layoutOf(found.manifest.header).published.length === inclusion.values.length ? found : undefined;
}

/** Reads the whole file, but its form only: how many proofs there are, and of how many batches. */
async function inspectGlobal(file: string, context: Context): Promise<Record<string, unknown>> {
  const progress = context.progress('reading');
  let manifest: Manifest | undefined;
  let [limit, proofs, batches, bytes] = [0, 0, 0, 0];
  try {
    for await (const line of splitLines(readPieces(file), (index) =>
      index === 0 ? MAX_MANIFEST_BYTES : limit,
    )) {
      bytes += line.length + 1;
      if (!manifest) {
        manifest = parseManifest(line);
        limit = maxProofLineBytes(layoutOf(manifest.header));
        continue;
      }
      batches += parseProofLine(line, layoutOf(manifest.header)).accounts.length;
      progress.update(batches, manifest.batchCount, size(bytes));
      proofs++;
    }
  } catch (error) {
    return about(file, () => {
      throw error;
    });
  } finally {
    progress.stop();
  }
  sayManifest(manifest!, context);
  sayAssets(manifest!.header, context);
  context.say();
  context.say(
    `${plural(proofs, 'proof')} of ${count(batches)} of ${count(manifest!.batchCount)} batches, ${size(bytes)}`,
  );
  return {
    type: 'global-proof',
    manifest: manifestDocument(manifest!),
    header: manifest!.header,
    proofs,
    batches,
    bytes,
  };
}

function sayAssets({ assets, unit, priceScale }: Header, { say, screen }: Context): void {
  say();
  say(
    priceScale === undefined
      ? 'Assets'
      : `Assets; a price is of a smallest unit, in 10^-${priceScale} ${unit}`,
  );
  const described = assets.map(({ symbol, scale, limbs, price, tiers, pools }) => {
    const priced = price === undefined ? '' : `, price ${price}`;
    const list = (name: string, of: readonly Tier[]) =>
      inLines(`    ${name}`, tierTexts(of, scale), 'tier', '      ', screen);
    return [
      `  ${symbol}: scale ${scale}, amounts below 2^${11 * limbs}${priced}`,
      ...(tiers ? list('counts', tiers) : []),
      ...(pools ?? []).flatMap((pool) => list(`in ${pool.name} counts`, pool.tiers)),
    ];
  });
  const { items, rest } = folded(described, 'asset', screen, ({ length }) => length);
  for (const line of items.flat()) say(line);
  if (rest !== undefined) say(`  ${rest}`);
}

/** `95 % up to 50.00`, `80 % above` */
function tierTexts(tiers: readonly Tier[], scale: number): string[] {
  return tiers.map(({ percent, upTo }, i) =>
    upTo === undefined
      ? `${percent} %${i === 0 ? '' : ' above'}`
      : `${percent} % up to ${readableAmount(BigInt(upTo), scale)}`,
  );
}
