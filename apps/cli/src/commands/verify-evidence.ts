import type { Command } from 'commander';
import { MAX_EVIDENCE_BYTES, verifyEvidence } from '@solvent-por/reserves';
import type { Context, Outcome } from '../context';
import { readBounded } from '../files';
import { asVerdict, exitOf } from '../reserves-outcome';
import { blockHash, pricesOf } from '../reserves-trust';
import { examples, type Run } from './command';

interface VerifyEvidenceArguments {
  readonly block?: string;
  readonly prices?: string;
}

export function registerVerifyEvidence(program: Command, run: Run): void {
  program
    .command('verify-evidence')
    .summary('verify one piece of evidence about reserves')
    .description(
      'Verifies one piece from a file of JSON: a signature for an address { network, address, message, ownership }, a balance under a block’s header { header, block, address, balance, amount, … }, or sums against what is owed { manifest, assets, … }. ' +
        'Exit codes: 0 right, 1 wrong, 2 malformed, 3 unchecked (a node must be asked) or unsupported.',
    )
    .argument('<FILE>', 'JSON')
    .option('--block <HASH>', 'hash of the block from another source: without it a header may be made up')
    .option('--prices <FILE>', 'your own prices')
    .addHelpText(
      'after',
      examples('solvent verify-evidence signature.json', 'solvent verify-evidence balance.json --block 0x…'),
    )
    .action((file: string, options: VerifyEvidenceArguments) =>
      run('verify-evidence', (context) => asVerdict(context, () => verify(file, options, context))),
    );
}

async function verify(file: string, options: VerifyEvidenceArguments, context: Context): Promise<Outcome> {
  const result = verifyEvidence(await readBounded(file, MAX_EVIDENCE_BYTES), {
    ...(options.block !== undefined && { block: blockHash(options.block) }),
    ...(options.prices !== undefined && { prices: await pricesOf(options.prices) }),
  });
  const { say, complain, style } = context;
  const word = style.paint('bold', result.verdict.toUpperCase());
  if ('reason' in result)
    complain(`${style.paint('red', result.verdict.toUpperCase())}: ${result.reason} (${result.code})`);
  else if ('block' in result)
    say(`${word}: the block is ${result.block}${result.frozen ? '; the token is frozen there' : ''}`);
  else if ('solvency' in result) say(`${word}: ${result.solvency.verdict}`);
  else if ('question' in result)
    say(`${word}: nothing is false, but a node must be asked (${result.question.kind})`);
  else say(result.verdict === 'right' ? word : `${word}: recognised, not judged by this version`);
  return { exitCode: exitOf(result.verdict), document: { ...result } };
}
