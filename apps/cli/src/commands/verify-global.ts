import type { Command } from 'commander';
import { collect, defaultWorkers, sayTidied, workersArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
import { sayFindings } from '../findings';
import { duration, plural } from '../format';
import { sayManifest } from '../manifest-summary';
import { readTrust } from '../trust';
import { globalDocument, verifyGlobalFile } from '../verify-global-file';
import { examples, type Run } from './command';

interface VerifyGlobalArguments {
  readonly operator?: string;
  readonly previous?: readonly string[];
  readonly workers: number;
}

export function registerVerifyGlobal(program: Command, run: Run): void {
  program
    .command('verify-global')
    .summary('verify a whole snapshot from its global-proof.ndjson')
    .description(
      'Verifies every proof of a snapshot, that they cover all its batches, that the published totals are their sums, and who signed it. ' +
        'Says what was not checked. Any number of accounts is verified in the same memory.',
    )
    .argument('<FILE>', 'global-proof.ndjson')
    .option('--operator <0x…>', 'the public key that the operator is known by')
    .option('--previous <manifest.json>', 'a manifest seen before; may be given more than once', collect)
    .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers())
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
  say();
  say(`${style.paint('bold', 'VALID')}: ${plural(result.proofs, 'proof')} verified in ${duration(took)}`);
  return { exitCode: EXIT.valid, document };
}
