import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { SolventError, toHex } from '@solvent-por/kzg';
import { WorkerReservesJudge } from '@solvent-por/prover';
import {
  ADDRESSES_FILE,
  MAX_RESERVES_BYTES,
  parseReserves,
  RESERVES_FILE,
  ReservesVerifier,
  verifyReserves,
  type ContractKind,
  type JudgedLine,
  type ReadManifest,
  type RefusedReserves,
  type Reserves,
  type ReservesReport,
  type ReservesVerdict,
} from '@solvent-por/reserves';
import type { NodeConfiguration } from '@solvent-por/nodes';
import { manifestDigest } from '@solvent-por/verifier';
import { collect, defaultWorkers, workersArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT, type ExitCode } from '../exit-code';
import { readBounded, readPieces } from '../files';
import { count, duration, rate, size } from '../format';
import { asVerdict, exitOf, usage } from '../reserves-outcome';
import {
  nodesOf,
  openFor,
  sayTroubles,
  withNodes,
  type NodeOptions,
  type OpenedNodes,
} from '../reserve-nodes';
import { readReservesTrust, type ReservesTrust, type ReservesTrustOptions } from '../reserves-trust';
import { sayRefused, sayReserves } from '../say-reserves';
import { verifyGlobalFile } from '../verify-global-file';
import { examples, type Run } from './command';

export interface VerifyReservesArguments extends ReservesTrustOptions, NodeOptions {
  readonly proof?: string;
  readonly require?: readonly string[];
  readonly workers: number;
}

/** What may be required, each with whether a report shows it. */
const REQUIREMENTS: Readonly<Record<string, (report: ReservesReport) => boolean>> = {
  covered: (report) => isCovered(report, 'checked'),
  'covered:proved': (report) => isCovered(report, 'proved'),
  'covered:checked': (report) => isCovered(report, 'checked'),
  'covered:claimed': (report) => isCovered(report, 'claimed'),
  liabilities: ({ liabilities }) => liabilities === 'proved',
};

export function registerVerifyReserves(program: Command, run: Run): void {
  withReservesOptions(
    program
      .command('verify-reserves')
      .summary('verify what an exchange holds, and whether it covers what it owes')
      .description(
        'Verifies reserves.json and reserve-addresses.ndjson of a folder: who signed for which address, what it held at the stated block, what adds up; and, with the manifest of the liabilities, whether that covers them. ' +
          'Proved, checked and claimed are told apart; a line is claimed with its reason. Exit code 1 where something is false, 2 where it cannot be read, or a requirement is none.',
      )
      .argument('<DIR>', `a folder with ${RESERVES_FILE} and ${ADDRESSES_FILE}`)
      .option('--manifest <manifest.json>', 'the liabilities of the same snapshot')
      .option(
        '--proof <global-proof.ndjson>',
        'their global proof, verified in the same run; needs --manifest',
      ),
  )
    .addHelpText(
      'after',
      examples(
        'solvent verify-reserves published/reserves --operator 0x… --block eip155:1=0x…',
        'solvent verify-reserves published/reserves --node eip155:1=https://node.example --node bitcoin=http://127.0.0.1:8332',
        'solvent verify-reserves published/reserves --manifest manifest.json --proof global-proof.ndjson --require covered',
      ),
    )
    .action((directory: string, options: VerifyReservesArguments) =>
      run('verify-reserves', (context) => asVerdict(context, () => verify(directory, options, context))),
    );
}

/** What whoever verifies reserves brings along. */
export function withReservesOptions(command: Command): Command {
  const given = command
    .option('--operator <0x…>', 'the public key that the operator is known by')
    .option('--previous <reserves.json>', 'the publication before this one')
    .option('--tokens <FILE>', 'coins and tokens that you vouch for, beside those built in')
    .option('--contracts <FILE>', 'contracts that you know by the hash of their code')
    .option('--prices <FILE>', 'your own prices, which replace the publication’s')
    .option(
      '--block <network=HASH>',
      'hash of a network’s block from another source; more than once',
      collect,
    );
  return withNodes(given)
    .option(
      '--require <WHAT>',
      `exit 1 unless met: ${Object.keys(REQUIREMENTS).join(', ')}; more than once`,
      collect,
    )
    .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers());
}

async function verify(
  directory: string,
  options: VerifyReservesArguments,
  context: Context,
): Promise<Outcome> {
  const started = performance.now();
  const { verdict, trust, troubles } = await verifyGiven(directory, options, context);
  if (verdict.verdict !== 'right') {
    sayRefused(verdict, context);
    const unanswered = sayTroubles(troubles, context);
    return { exitCode: exitOf(verdict.verdict), document: { ...verdict, ...unanswered } };
  }
  sayReserves(verdict, trust, context);
  const unanswered = sayTroubles(troubles, context);
  const { say, style } = context;
  say();
  say(
    `${style.paint('bold', 'RIGHT')}: ${count(verdict.lines)} lines in ${duration(performance.now() - started)}`,
  );
  const { exitCode, required } = requiredOf(verdict, options, context);
  return { exitCode, document: { ...verdict, ...unanswered, ...required } };
}

/** What came of it, with what it was judged by. */
export interface VerifiedReserves {
  readonly verdict: ReservesVerdict;
  readonly trust: ReservesTrust;
  /** Nodes that gave no answer. */
  readonly troubles: OpenedNodes['troubles'];
  /** reserves.json, where it came to be read. */
  readonly reserves?: Uint8Array;
}

/**
 * Everything that was given, verified in one run: the global proof first, then both files.
 * @throws SolventError USAGE, FILE_UNREADABLE, and what the readers of the files given throw
 */
export async function verifyGiven(
  directory: string,
  options: VerifyReservesArguments,
  context: Context,
): Promise<VerifiedReserves> {
  for (const required of options.require ?? [])
    if (!Object.hasOwn(REQUIREMENTS, required))
      usage(`--require ${required.slice(0, 40)} is none of ${Object.keys(REQUIREMENTS).join(', ')}`);
  if (options.proof !== undefined && options.manifest === undefined) usage('--proof needs --manifest');
  const { trust, contracts } = await readReservesTrust(options);
  const configurations = await nodesOf(options, context);
  const proof = await proveLiabilities(options, trust.manifest, context);
  if (proof.refused) return { verdict: proof.refused, trust, troubles: [] };
  const reserves = await readBounded(join(directory, RESERVES_FILE), MAX_RESERVES_BYTES);
  const addresses = join(directory, ADDRESSES_FILE);
  const given = { ...trust, liabilitiesProved: proof.proved };
  const opened = configurations.length > 0 ? open(reserves, configurations, given, contracts) : undefined;
  const verdict = await verdictOf(reserves, addresses, options, given, opened, context).finally(() =>
    opened?.nodes.close(),
  );
  return { verdict, trust, troubles: opened?.troubles ?? [], reserves };
}

/** Whether a publication that is right shows what is required of it, too. */
export function requiredOf(
  verdict: ReservesReport,
  { require }: VerifyReservesArguments,
  { complain, style }: Context,
): { readonly exitCode: ExitCode; readonly required: { readonly required?: boolean } } {
  const missed = (require ?? []).filter((required) => !REQUIREMENTS[required]!(verdict));
  if (missed.length > 0) complain(`${style.cross} not shown, but required: ${missed.join(', ')}`);
  return {
    exitCode: missed.length === 0 ? EXIT.valid : EXIT.invalid,
    required: require ? { required: missed.length === 0 } : {},
  };
}

/**
 * Nodes that are asked about a publication, which is judged by itself before anybody is; none for one that is
 * refused by itself: what is wrong with it is its verdict.
 * @throws SolventError USAGE: of a network that it does not list
 */
function open(
  reserves: Uint8Array,
  configurations: readonly NodeConfiguration[],
  trust: ReservesTrust & { readonly liabilitiesProved: boolean },
  contracts: ReadonlyMap<string, ContractKind>,
): OpenedNodes | undefined {
  let document: Reserves;
  try {
    document = parseReserves(reserves);
    new ReservesVerifier(document, trust);
  } catch (error) {
    if (error instanceof SolventError && (error.kind === 'malformed' || error.kind === 'invalid'))
      return undefined;
    throw error;
  }
  return openFor(configurations, document, { tokens: trust.tokens, contracts });
}

async function verdictOf(
  reserves: Uint8Array,
  addresses: string,
  { workers }: VerifyReservesArguments,
  trust: ReservesTrust & { readonly liabilitiesProved: boolean },
  opened: OpenedNodes | undefined,
  context: Context,
): Promise<ReservesVerdict> {
  // A few lines are judged before a thread has begun.
  const { size: bytes } = await stat(addresses).catch(() => ({ size: 0 }));
  const judge = bytes > FEW_BYTES && workers > 1 ? new WorkerReservesJudge(workers) : undefined;
  const progress = context.progress('verifying');
  const started = performance.now();
  try {
    if (opened) progress.update(0, bytes, 'asking nodes for their blocks');
    const nodes = await opened?.nodes.confirmBlocks();
    return await verifyReserves(reserves, readPieces(addresses), {
      ...trust,
      ...(opened &&
        nodes && {
          nodes,
          ask: (lines: readonly JudgedLine[]) => opened.nodes.ask(lines),
          askAhead: opened.nodes.ahead,
        }),
      ...(judge && { judge }),
      onProgress: ({ lines, bytes, ofBytes }) =>
        progress.update(
          bytes,
          ofBytes,
          `${size(bytes)}, ${rate(lines, performance.now() - started, 'lines')}`,
        ),
    });
  } catch (error) {
    // A node with another block: a verdict like what else nodes contradict.
    if (!(error instanceof SolventError) || error.code !== 'NODE_CONTRADICTS') throw error;
    return { verdict: 'wrong', code: error.code, reason: error.message };
  } finally {
    progress.stop();
    await judge?.close();
  }
}

const FEW_BYTES = 1 << 17;

/** The global proof under the same manifest. */
async function proveLiabilities(
  { proof, workers }: VerifyReservesArguments,
  manifest: ReadManifest | undefined,
  context: Context,
): Promise<{ readonly proved: boolean; readonly refused?: RefusedReserves }> {
  if (proof === undefined || manifest === undefined) return { proved: false };
  const result = await verifyGlobalFile(proof, {}, workers, context);
  const own = result.manifest && toHex(manifestDigest(result.manifest));
  if (result.valid && own === manifest.digest) return { proved: true };
  const reason = result.valid
    ? `the global proof is of another manifest, ${own}, than the one that was given, ${manifest.digest}`
    : `the global proof fails: ${result.verdict.reason} (${result.verdict.code})`;
  return { proved: false, refused: { verdict: 'wrong', code: 'LIABILITIES_UNTRUE', reason } };
}

/** Whether the whole comparison is at least so good. */
function isCovered({ solvency }: ReservesReport, level: 'proved' | 'checked' | 'claimed'): boolean {
  if (level === 'claimed' && solvency?.verdict === 'claimed') return true;
  return solvency?.verdict === 'covered' && (level !== 'proved' || solvency.by === 'proved');
}
