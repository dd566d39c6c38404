import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { toHex } from '@solvent-por/kzg';
import { WorkerReservesJudge } from '@solvent-por/prover';
import {
  parseReserves,
  ReservesVerifier,
  verifyReserves,
  type ContractKind,
  type JudgedLine,
  type ReadManifest,
  type ReservesReport,
  type ReservesVerdict,
} from '@solvent-por/reserves';
import type { NodeConfiguration } from '@solvent-por/nodes';
import { manifestDigest } from '@solvent-por/verifier';
import { collect, defaultWorkers, workersArgument } from '../arguments';
import type { Context, Outcome } from '../context';
import { EXIT } from '../exit-code';
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

interface VerifyReservesArguments extends ReservesTrustOptions, NodeOptions {
  readonly proof?: string;
  readonly require?: readonly string[];
  readonly workers: number;
}

export const RESERVES_FILE = 'reserves.json';
export const ADDRESSES_FILE = 'reserve-addresses.ndjson';
const MOST_RESERVES = 8 * 1024 * 1024;

/** What may be required, each with whether a report shows it. */
const REQUIREMENTS: Readonly<Record<string, (report: ReservesReport) => boolean>> = {
  covered: (report) => isCovered(report, 'checked'),
  'covered:proved': (report) => isCovered(report, 'proved'),
  'covered:checked': (report) => isCovered(report, 'checked'),
  'covered:claimed': (report) => isCovered(report, 'claimed'),
  liabilities: ({ liabilities }) => liabilities === 'proved',
};

export function registerVerifyReserves(program: Command, run: Run): void {
  const command = program
    .command('verify-reserves')
    .summary('verify what an exchange holds, and whether it covers what it owes')
    .description(
      'Verifies reserves.json and reserve-addresses.ndjson of a folder: who signed for which address, what it held at the stated block, what adds up; and, with the manifest of the liabilities, whether that covers them. ' +
        'Proved, checked and claimed are told apart; a line is claimed with its reason. Exit code 1 where something is false, 2 where it cannot be read, or a requirement is none.',
    )
    .argument('<DIR>', `a folder with ${RESERVES_FILE} and ${ADDRESSES_FILE}`)
    .option('--operator <0x…>', 'the public key that the operator is known by')
    .option('--manifest <manifest.json>', 'the liabilities of the same snapshot')
    .option('--proof <global-proof.ndjson>', 'their global proof, verified in the same run; needs --manifest')
    .option('--previous <reserves.json>', 'the publication before this one')
    .option('--tokens <FILE>', 'coins and tokens that you vouch for, beside those built in')
    .option('--contracts <FILE>', 'contracts that you know by the hash of their code')
    .option('--prices <FILE>', 'your own prices, which replace the publication’s')
    .option(
      '--block <network=HASH>',
      'hash of a network’s block from another source; more than once',
      collect,
    );
  withNodes(command)
    .option(
      '--require <WHAT>',
      `exit 1 unless met: ${Object.keys(REQUIREMENTS).join(', ')}; more than once`,
      collect,
    )
    .option('--workers <N>', 'worker threads', workersArgument, defaultWorkers())
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

async function verify(
  directory: string,
  options: VerifyReservesArguments,
  context: Context,
): Promise<Outcome> {
  for (const required of options.require ?? [])
    if (!Object.hasOwn(REQUIREMENTS, required))
      usage(`--require ${required.slice(0, 40)} is none of ${Object.keys(REQUIREMENTS).join(', ')}`);
  if (options.proof !== undefined && options.manifest === undefined) usage('--proof needs --manifest');
  const { trust, contracts } = await readReservesTrust(options);
  const configurations = await nodesOf(options, context);
  const proof = await proveLiabilities(options, trust.manifest, context);
  if (proof.refused) return proof.refused;
  const started = performance.now();
  const reserves = await readBounded(join(directory, RESERVES_FILE), MOST_RESERVES);
  const given = { ...trust, liabilitiesProved: proof.proved };
  const opened = configurations.length > 0 ? open(reserves, configurations, given, contracts) : undefined;
  const verdict = await verdictOf(directory, reserves, options, given, opened, context).finally(() =>
    opened?.nodes.close(),
  );
  if (verdict.verdict !== 'right') {
    sayRefused(verdict, context);
    const unanswered = sayTroubles(opened?.troubles ?? [], context);
    return { exitCode: exitOf(verdict.verdict), document: { ...verdict, ...unanswered } };
  }
  sayReserves(verdict, trust, context);
  const unanswered = sayTroubles(opened?.troubles ?? [], context);
  const missed = (options.require ?? []).filter((required) => !REQUIREMENTS[required]!(verdict));
  const required = options.require ? { required: missed.length === 0 } : {};
  const { say, complain, style } = context;
  say();
  say(
    `${style.paint('bold', 'RIGHT')}: ${count(verdict.lines)} lines in ${duration(performance.now() - started)}`,
  );
  if (missed.length > 0) complain(`${style.cross} not shown, but required: ${missed.join(', ')}`);
  return {
    exitCode: missed.length === 0 ? EXIT.valid : EXIT.invalid,
    document: { ...verdict, ...unanswered, ...required },
  };
}

/**
 * Nodes that are asked about a publication, which is judged by itself before anybody is.
 * @throws SolventError of what is wrong with reserves.json
 */
function open(
  reserves: Uint8Array,
  configurations: readonly NodeConfiguration[],
  trust: ReservesTrust & { readonly liabilitiesProved: boolean },
  contracts: ReadonlyMap<string, ContractKind>,
): OpenedNodes {
  const document = parseReserves(reserves);
  new ReservesVerifier(document, trust);
  return openFor(configurations, document, { tokens: trust.tokens, contracts });
}

async function verdictOf(
  directory: string,
  reserves: Uint8Array,
  { workers }: VerifyReservesArguments,
  trust: ReservesTrust & { readonly liabilitiesProved: boolean },
  opened: OpenedNodes | undefined,
  context: Context,
): Promise<ReservesVerdict> {
  const addresses = join(directory, ADDRESSES_FILE);
  // A few lines are judged before a thread has begun.
  const { size: bytes } = await stat(addresses).catch(() => ({ size: 0 }));
  const judge = bytes > FEW_BYTES && workers > 1 ? new WorkerReservesJudge(workers) : undefined;
  const progress = context.progress('verifying');
  const started = performance.now();
  try {
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
): Promise<{ readonly proved: boolean; readonly refused?: Outcome }> {
  if (proof === undefined || manifest === undefined) return { proved: false };
  const result = await verifyGlobalFile(proof, {}, workers, context);
  const own = result.manifest && toHex(manifestDigest(result.manifest));
  if (result.valid && own === manifest.digest) return { proved: true };
  const reason = result.valid
    ? `the global proof is of another manifest, ${own}, than the one that was given, ${manifest.digest}`
    : `the global proof fails: ${result.verdict.reason} (${result.verdict.code})`;
  const refused = { verdict: 'wrong', code: 'LIABILITIES_UNTRUE', reason } as const;
  sayRefused(refused, context);
  return { proved: false, refused: { exitCode: exitOf('wrong'), document: refused } };
}

/** Whether the whole comparison is at least so good. */
function isCovered({ solvency }: ReservesReport, level: 'proved' | 'checked' | 'claimed'): boolean {
  if (level === 'claimed' && solvency?.verdict === 'claimed') return true;
  return solvency?.verdict === 'covered' && (level !== 'proved' || solvency.by === 'proved');
}
