import type { Command } from 'commander';
import { hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import {
  finding,
  joinFindings,
  manifestDigest,
  notChecked,
  verifyManifestTrust,
  type Finding,
  type Manifest,
  type ManifestTrust,
} from '@solvent-por/verifier';
import { collect, sayTidied } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { readManifest } from '../files';
import { sayFindings, type CliFindings } from '../findings';
import { printable } from '../format';
import { compared, sayComparison, withRequire, type RequireOptions } from '../less';
import { manifestDocument } from '../manifest-summary';
import { FORMER_OPERATOR, readTrust } from '../trust';
import { examples, type Run } from './command';

interface CompareArguments extends RequireOptions {
  readonly operator?: string;
  readonly formerOperator?: readonly string[];
}

export function registerCompare(program: Command, run: Run): void {
  withRequire(
    program
      .command('compare')
      .summary('how a snapshot shows less than an earlier one')
      .description(
        'Compares what two snapshots of one operator show, by their manifests, whose signatures are checked: names each asset that was dropped or is shown in larger units, a weaker mode, haircuts ' +
          'and pools that are gone or count more, months that were skipped. That the totals hold is what `solvent verify-global` checks.',
      )
      .argument('<OLD>', 'the earlier manifest.json, or global-proof.ndjson')
      .argument('<NEW>', 'the later one')
      .option('--operator <0x…>', 'the public key that the operator is known by')
      .option('--former-operator <0x…>', FORMER_OPERATOR, collect),
  )
    .addHelpText(
      'after',
      examples('solvent compare october/manifest.json november/manifest.json --require no-less'),
    )
    .action((older: string, newer: string, options: CompareArguments) =>
      run('compare', (context) => compare(older, newer, options, context)),
    );
}

async function compare(
  older: string,
  newer: string,
  options: CompareArguments,
  context: Context,
): Promise<Outcome> {
  const { say, complain, style } = context;
  const { value: trust, tidied } = await readTrust(options);
  const [earlier, later] = [(await readManifest(older)).manifest, (await readManifest(newer)).manifest];
  if (earlier.header.takenAt >= later.header.takenAt)
    throw new SolventError(
      'OPTIONS',
      'usage',
      earlier.header.takenAt === later.header.takenAt
        ? `${printable(older)} and ${printable(newer)} were both taken at ${later.header.takenAt}: give two snapshots of different times, the earlier one first`
        : `${printable(newer)} (${later.header.takenAt}) is not later than ${printable(older)} (${earlier.header.takenAt}): name the earlier one first`,
    );
  const noted = sayTidied(tidied, context);
  const manifests = { earlier: manifestDocument(earlier), later: manifestDocument(later) };
  for (const [file, manifest] of [
    [older, earlier],
    [newer, later],
  ] as const) {
    say(`${printable(file)}: ${spoken(manifest)}`);
    const verdict = verifyManifestTrust(manifest, manifest === earlier ? asFormer(earlier, trust) : trust);
    if (verdict.valid) continue;
    const { code, reason } = verdict;
    complain(
      `${style.paint('red', 'INVALID')}: ${printable(file)}: ${reason} (${code}); nothing was compared`,
    );
    return { exitCode: EXIT.invalid, document: { valid: false, code, reason, file, ...noted, ...manifests } };
  }
  say();
  const comparison = compared(earlier, later);
  const findings = joinFindings(linkFindings(earlier, later, trust), finding.eitherTotalsNotChecked());
  const required = options.require !== undefined;
  const noLess = sayComparison(comparison, context, required);
  sayFindings(findings, context);
  const refused = required && !noLess;
  return {
    exitCode: refused ? EXIT.invalid : EXIT.valid,
    document: {
      ...(refused && { code: 'LESS_THAN_BEFORE' }),
      noLess,
      ...comparison,
      ...findings,
      ...noted,
      manifests,
    },
  };
}

/** Whether both are of one operator, and one after the other. */
function linkFindings(earlier: Manifest, later: Manifest, { formerOperators }: ManifestTrust): CliFindings {
  const [before, after] = [earlier.header.operator, later.header.operator];
  if (before !== after && !isFormer(earlier, formerOperators)) {
    const follows = later.previous === toHex(manifestDigest(earlier));
    return notChecked(
      'SAME_OPERATOR',
      `NOT checked that both are of one operator: they are signed by different keys, ${before} and ${after}` +
        (follows
          ? '. The later one is of a chain under a new key and says that it follows the earlier one; if the operator says so too, in public, give --former-operator'
          : ''),
      { earlier: before, later: after },
    );
  }
  const verdict = verifyManifestTrust(later, {
    previous: [earlier],
    ...(formerOperators && { formerOperators }),
  });
  if (!verdict.valid) return finding.chainNotFollowed(verdict);
  // What else it finds was found, and said, of both.
  const chain = ({ code }: Finding) => code === 'CHAIN';
  return { checked: verdict.checked.filter(chain), notChecked: verdict.notChecked.filter(chain) };
}

/** An earlier manifest under a former key is that key's own. */
function asFormer(earlier: Manifest, { operator, formerOperators }: ManifestTrust): ManifestTrust {
  const key = hexBytes(earlier.header.operator, 32);
  return operator ? { operator: isFormer(earlier, formerOperators) ? key : operator } : {};
}

function isFormer({ header }: Manifest, formerOperators: readonly Uint8Array[] = []): boolean {
  return formerOperators.some((former) => toHex(former) === header.operator);
}

function spoken({ header }: Manifest): string {
  return `${header.snapshot}, taken at ${header.takenAt} (${header.mode}), by ${header.operator}`;
}
