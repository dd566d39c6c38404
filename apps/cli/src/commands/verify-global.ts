import type { Command } from 'commander';
import { collect, defaultWorkers, sayTidied, workersArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { sayFindings } from '../findings';
import { duration, plural } from '../format';
import { sayManifest } from '../manifest-summary';
import {
  comparedWith,
  refuseNothingToCompare,
  sayComparison,
  withRequire,
  type RequireOptions,
} from '../less';
import { FORMER_OPERATOR, readTrust } from '../trust';
import { globalDocument, verifyGlobalFile } from '../verify-global-file';
import { examples, type Run } from './command';

interface VerifyGlobalArguments extends RequireOptions {
  readonly operator?: string;
  readonly previous?: readonly string[];
  readonly formerOperator?: readonly string[];
  readonly workers: number;
}

export function registerVerifyGlobal(program: Command, run: Run): void {
  withRequire(
    program
      .command('verify-global')
      .summary('verify a whole snapshot from its global-proof.ndjson')
      .description(
        'Verifies every proof of a snapshot, that they cover all its batches, that the published totals are their sums, and who signed it. ' +
          'With an earlier manifest it says how less is shown than then. Says what was not checked. Any number of accounts is verified in the same memory.',
      )
      .argument('<FILE>', 'global-proof.ndjson')
      .option('--operator <0x…>', 'the public key that the operator is known by')
      .option('--previous <manifest.json>', 'a manifest seen before; may be given more than once', collect)
      .option('--former-operator <0x…>', FORMER_OPERATOR, collect)
      .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers()),
  )
    .addHelpText(
      'after',
      examples('solvent verify-global global-proof.ndjson --operator 0x… --previous october/manifest.json'),
    )
    .action((file: string, options: VerifyGlobalArguments) =>
      run('verify-global', (context) => verifyGlobal(file, options, context)),
    );
}

async function verifyGlobal(
  file: string,
  options: VerifyGlobalArguments,
  context: Context,
): Promise<Outcome> {
  const { say, complain, style } = context;
  const { value: trust, tidied } = await readTrust(options);
  const noted = sayTidied(tidied, context);
  if (trust.previous === undefined) refuseNothingToCompare(options, undefined);
  const started = performance.now();
  const result = await verifyGlobalFile(file, trust, options.workers, context);
  const took = performance.now() - started;
  if (result.manifest) sayManifest(result.manifest, context);
  say();
  const document = { ...globalDocument(file, result), ...noted, milliseconds: Math.round(took) };
  if (!result.valid) {
    complain(`${style.paint('red', 'INVALID')}: ${result.verdict.reason} (${result.verdict.code})`);
    return { exitCode: EXIT.invalid, document };
  }
  sayFindings(result.findings, context);
  const comparison = comparedWith(result.manifest, trust.previous ?? []);
  refuseNothingToCompare(options, comparison);
  const required = options.require !== undefined;
  const noLess = !comparison || sayComparison(comparison, context, required);
  const compared = { ...document, ...(comparison && { comparison: { noLess, ...comparison } }) };
  say();
  say(`${style.paint('bold', 'VALID')}: ${plural(result.proofs, 'proof')} verified in ${duration(took)}`);
  if (noLess || !required) return { exitCode: EXIT.valid, document: compared };
  complain(`${style.cross} but it shows less than before, as named above (LESS_THAN_BEFORE)`);
  return { exitCode: EXIT.invalid, document: { ...compared, code: 'LESS_THAN_BEFORE' } };
}
