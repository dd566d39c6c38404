import type { Command } from 'commander';
import { readNodeText } from '@solvent-por/nodes';
import { MAX_EVIDENCE_BYTES, readKnownContracts, verifyEvidence } from '@solvent-por/reserves';
import type { Context, Outcome } from '../context';
import { readBounded } from '../files';
import { asVerdict, exitOf } from '../reserves-outcome';
import { sayTroubles } from '../reserve-nodes';
import { askAboutEvidence, type Told } from '../ask-about-evidence';
import { blockHash, jsonOf, pricesOf } from '../reserves-trust';
import { examples, type Run } from './command';

interface VerifyEvidenceArguments {
  readonly block?: string;
  readonly prices?: string;
  readonly node?: string;
  readonly contracts?: string;
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
    .option(
      '--node <network=URL>',
      'a node of an eip155 network: it confirms the block of a balance, and at its newest final block says who controls a contract. ${NAME} is taken from the environment',
    )
    .option('--contracts <FILE>', 'contracts that you know by the hash of their code')
    .addHelpText(
      'after',
      examples(
        'solvent verify-evidence signature.json',
        'solvent verify-evidence balance.json --block 0x…',
        'solvent verify-evidence safe.json --node eip155:1=https://node.example',
      ),
    )
    .action((file: string, options: VerifyEvidenceArguments) =>
      run('verify-evidence', (context) => asVerdict(context, () => verify(file, options, context))),
    );
}

async function verify(file: string, options: VerifyEvidenceArguments, context: Context): Promise<Outcome> {
  const bytes = await readBounded(file, MAX_EVIDENCE_BYTES);
  const given = {
    ...(options.block !== undefined && { block: blockHash(options.block) }),
    ...(options.prices !== undefined && { prices: await pricesOf(options.prices) }),
  };
  const alone = verifyEvidence(bytes, given);
  const contracts = readKnownContracts(
    options.contracts === undefined ? {} : await jsonOf(options.contracts),
  );
  const told: Told =
    options.node === undefined
      ? { result: alone }
      : await askAboutEvidence(
          { bytes, given, alone },
          readNodeText(options.node, context.environment),
          contracts,
        );
  const { result } = told;
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
  if (told.node) say(`By the node ${told.node.name}, at block ${told.node.height} ${told.node.block}`);
  const unanswered = sayTroubles(told.troubles ?? [], context);
  return {
    exitCode: exitOf(result.verdict),
    document: { ...result, ...(told.node && { node: told.node }), ...unanswered },
  };
}
