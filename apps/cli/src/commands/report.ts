import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { utf8 } from '@solvent-por/kzg';
import { OUTPUT } from '@solvent-por/prover';
import {
  ADDRESSES_FILE,
  auditReport,
  auditReportHtml,
  parseReserves,
  refusedAuditReport,
  RESERVES_FILE,
  type AuditReport,
  type RefusedAuditReport,
} from '@solvent-por/reserves';
import { storing } from '@solvent-por/snapshot/files';
import type { Context, Outcome } from '../context';
import { printable } from '../format';
import { VERSION } from '../package-version';
import { sayTroubles } from '../reserve-nodes';
import { asVerdict, exitOf, usage } from '../reserves-outcome';
import { sayRefused, sayReserves } from '../say-reserves';
import { writeNewFile } from '../service/write-new-file';
import { examples, type Run } from './command';
import {
  requiredOf,
  verifyGiven,
  withReservesOptions,
  type VerifyReservesArguments,
} from './verify-reserves';

interface ReportArguments extends VerifyReservesArguments {
  readonly reserves?: string;
  readonly output: string;
  readonly only?: string;
}

/** What is written, by the word of --only. */
const FORMS = { html: 'report.html', json: 'report.json' } as const;
const PUBLIC = 0o644;

export function registerReport(program: Command, run: Run): void {
  withReservesOptions(
    program
      .command('report')
      .summary('write a report of liabilities against reserves, for print and for programs')
      .description(
        `Verifies what an exchange published of one snapshot, all of it in one run, and writes ${FORMS.html} (one page, no script, prints well) and ${FORMS.json}: what is owed and held of each asset, level by level, what was verified by which version, digests, reasons, and what none of it shows. ` +
          'Exit codes are those of `solvent verify-reserves`; a publication that is refused has its report, too.',
      )
      .argument(
        '<DIR>',
        `a folder with ${RESERVES_FILE} and ${ADDRESSES_FILE}, and the ${OUTPUT.manifest} and ${OUTPUT.globalProof} of the same snapshot`,
      )
      .option('--reserves <DIR>', `where ${RESERVES_FILE} and ${ADDRESSES_FILE} are, if not in DIR`)
      .option('--manifest <manifest.json>', 'the liabilities, if not in DIR')
      .option('--proof <global-proof.ndjson>', 'their global proof, if not in DIR')
      .option('--output <DIR>', 'where the report is written; nothing is replaced', '.')
      .option('--only <FORM>', `write one of both: ${Object.keys(FORMS).join(' or ')}`),
  )
    .addHelpText(
      'after',
      examples(
        'solvent report nov-2026 --operator 0x… --block eip155:1=0x… --output audit',
        'solvent report nov-2026 --reserves nov-2026/reserves --only html',
      ),
    )
    .action((directory: string, options: ReportArguments) =>
      run('report', (context) => asVerdict(context, () => report(directory, options, context))),
    );
}

async function report(directory: string, options: ReportArguments, context: Context): Promise<Outcome> {
  const { only, output } = options;
  if (only !== undefined && !Object.hasOwn(FORMS, only))
    usage(`--only ${only.slice(0, 40)} is none of ${Object.keys(FORMS).join(', ')}`);
  const folder = options.reserves ?? directory;
  const given = { ...options, ...besides(directory, options) };
  const { verdict, trust, troubles, reserves } = await verifyGiven(folder, given, context);
  const making = { at: `${new Date().toISOString().slice(0, 19)}Z`, by: `solvent ${VERSION}` };
  if (verdict.verdict !== 'right') {
    sayRefused(verdict, context);
    const unanswered = sayTroubles(troubles, context);
    const files = await write(refusedAuditReport(verdict, making), output, only, context);
    return { exitCode: exitOf(verdict.verdict), document: { ...verdict, ...unanswered, files } };
  }
  const made = auditReport(verdict, {
    ...making,
    reserves: parseReserves(reserves!),
    manifest: trust.manifest,
    operatorKnown: trust.operator !== undefined,
    previousKnown: trust.previous !== undefined,
    unanswered: troubles,
  });
  sayReserves(verdict, trust, context);
  const unanswered = sayTroubles(troubles, context);
  const files = await write(made, output, only, context);
  const { exitCode, required } = requiredOf(verdict, options, context);
  return { exitCode, document: { ...verdict, ...unanswered, ...required, files } };
}

/** The liabilities as they are published beside; of a global proof its first line is the manifest. */
function besides(
  directory: string,
  { manifest, proof }: ReportArguments,
): { readonly manifest?: string; readonly proof?: string } {
  const there = (name: string) => {
    const file = join(directory, name);
    return existsSync(file) ? file : undefined;
  };
  const whole = proof ?? there(OUTPUT.globalProof);
  const head = manifest ?? there(OUTPUT.manifest) ?? whole;
  return { ...(head !== undefined && { manifest: head }), ...(whole !== undefined && { proof: whole }) };
}

/** @returns the files that were written */
async function write(
  made: AuditReport | RefusedAuditReport,
  output: string,
  only: string | undefined,
  { say, style }: Context,
): Promise<string[]> {
  const content = {
    html: () => auditReportHtml(made),
    json: () => `${JSON.stringify(made, undefined, 2)}\n`,
  };
  await storing(output, () => mkdir(output, { recursive: true }));
  const files: string[] = [];
  for (const form of ['html', 'json'] as const) {
    if (only !== undefined && only !== form) continue;
    const file = join(output, FORMS[form]);
    await writeNewFile(file, utf8(content[form]()), PUBLIC);
    say(`${style.tick} wrote ${printable(file)}`);
    files.push(file);
  }
  return files;
}
