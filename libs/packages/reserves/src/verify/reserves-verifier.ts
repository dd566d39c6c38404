import { SolventError, utf8 } from '@solvent-por/kzg';
import { reservesDigest } from '../documents/parse-reserves';
import type { Reserves } from '../documents/reserves';
import { hexOf } from '../hex';
import { readKnownCoins, type KnownCoins } from '../known/read-known';
import { checkBlocks, spanOf, type BlockHashes, type CheckedBlock, type ConfirmingNodes } from './blocks';
import { checkChain, checkKnown, checkOperator, checkSignature, checkSums } from './check-reserves';
import type { JudgeData, JudgedBatch } from './judged-batch';
import { LineJudge, withAnswer, type JudgedLine, type NodeAnswer } from './line-judge';
import { checkBound, type ReadManifest } from './manifest';
import type { Prices } from './prices';
import type { ReservesReport } from './report';
import { compareWithLiabilities } from './solvency';
import { Tally } from './tally';

/** What the verifier brings along; a member that is absent is not checked, and the report says so. */
export interface ReservesOptions {
  /** The key the verifier knows the operator by: 0x and 64 digits. */
  readonly operator?: string;
  /** Of the liabilities, by `readManifest`. */
  readonly manifest?: ReadManifest;
  /** Whether the global proof under that manifest was verified in this run. */
  readonly liabilitiesProved?: boolean;
  /** The publication before this one. */
  readonly previous?: Reserves;
  /** Parsed JSON of the verifier's own coins and tokens. */
  readonly tokens?: unknown;
  /** The verifier's own prices. */
  readonly prices?: Prices;
  /** Hashes of blocks from elsewhere, by network. */
  readonly blocks?: BlockHashes;
  /** Nodes that confirmed their network's block, by network: their names. */
  readonly nodes?: ConfirmingNodes;
}

/**
 * Verifies a publication of reserves, line by line and in memory that does not grow with them.
 *
 * ```
 * const verifier = new ReservesVerifier(parseReserves(text), { operator });
 * for (const line of lines) verifier.line(line);
 * console.log(verifier.finish());
 * ```
 */
export class ReservesVerifier {
  private readonly coins: KnownCoins;
  private readonly blocks: ReadonlyMap<string, CheckedBlock>;
  private readonly judge: LineJudge;
  private readonly tally: Tally;
  private modules = 0;

  /**
   * Judges the document itself.
   * @throws SolventError RESERVES_UNTRUE, BLOCK_UNTRUE, BLOCK_HEADER_UNTRUE, STATE_PROOF_UNTRUE,
   *   MANIFEST_UNTRUE (kind invalid); BLOCK_UNLISTED (kind usage); and of kind malformed what headers, proofs
   *   and `tokens` throw
   */
  constructor(
    private readonly reserves: Reserves,
    private readonly options: ReservesOptions = {},
  ) {
    this.coins = readKnownCoins(options.tokens);
    checkSignature(reserves);
    checkOperator(reserves, options.operator);
    if (options.previous) checkChain(reserves, options.previous);
    checkSums(reserves);
    checkKnown(reserves, this.coins);
    this.blocks = checkBlocks(reserves, options.blocks, options.nodes);
    if (options.manifest) checkBound(reserves, options.manifest);
    this.judge = new LineJudge(reserves, this.blocks, this.coins);
    this.tally = new Tally(reserves);
  }

  /**
   * Judges the next line of reserve-addresses.ndjson.
   * @param text without its LF
   * @param answer what a node said of it
   * @throws SolventError whatever is wrong with it; details.line counts from 1
   */
  line(text: string | Uint8Array, answer?: NodeAnswer): JudgedLine {
    const bytes = typeof text === 'string' ? utf8(text) : text;
    return this.numbered(() => this.take(this.judge.judge(bytes), bytes, answer));
  }

  /**
   * The same for a line that a worker judged by a `LineJudge` of its own.
   * @param bytes without its LF
   */
  judged(line: JudgedLine, bytes: Uint8Array, answer?: NodeAnswer): JudgedLine {
    return this.numbered(() => this.take(line, bytes, answer));
  }

  /** What is wrong with the next line, by a worker's judge. @throws SolventError of that */
  refuse({ code, kind, message, details }: NonNullable<JudgedBatch['refused']>): never {
    throw atLine(new SolventError(code, kind, message, details), this.tally.next);
  }

  /** This verifier's own judge of lines. */
  get lineJudge(): LineJudge {
    return this.judge;
  }

  /** What a judge in a worker is to be given. */
  get judgeData(): JudgeData {
    const { blocks, nodes, tokens } = this.options;
    return {
      reserves: this.reserves,
      ...(blocks && { blocks }),
      ...(nodes && { nodes }),
      ...(tokens !== undefined && { tokens }),
    };
  }

  /** @throws SolventError ADDRESSES_UNTRUE (kind invalid): the lines are not those of reserves.json */
  finish(): ReservesReport {
    this.tally.finish();
    const { reserves, options, tally } = this;
    const { operator, domain, snapshot, takenAt, unit, priceScale, attested, messages } = reserves;
    const own = new Map(reserves.assets.map(({ symbol, price }) => [symbol, price]));
    const { prices, manifest, nodes } = options;
    const assets = tally.assets((symbol) => (prices ? prices.prices[symbol] : own.get(symbol)));
    const sums = {
      assets,
      attested,
      ...(unit !== undefined && { unit }),
      ...(priceScale !== undefined && { priceScale }),
    };
    const confirmed = [...this.blocks].map(([name, block]) => [name, block.confirmed] as const);
    return {
      verdict: 'right',
      digest: hexOf(reservesDigest(reserves)),
      ...{ operator, domain, snapshot, takenAt },
      lines: tally.lines,
      blocks: Object.fromEntries(confirmed.map(([name, yes]) => [name, yes ? 'confirmed' : 'unconfirmed'])),
      work: reserves.networks.some(({ network, header }) => network === 'bitcoin' && header !== undefined),
      span: spanOf(reserves),
      liabilities: this.liabilities(),
      ownership: tally.ownership,
      reasons: tally.reasons,
      delegated: tally.delegated,
      ...(nodes && Object.keys(nodes).length > 0 ? { nodes, modules: this.modules } : {}),
      ...sums,
      messages,
      notes: confirmed.filter(([, yes]) => !yes).map(([name]) => `block of ${name} not confirmed`),
      ...(manifest && { solvency: compareWithLiabilities(manifest, sums, prices) }),
    };
  }

  private liabilities(): ReservesReport['liabilities'] {
    if (this.reserves.liabilities === null) return 'none';
    if (!this.options.manifest) return 'not given';
    return this.options.liabilitiesProved === true ? 'proved' : 'unproved';
  }

  private take(judged: JudgedLine, bytes: Uint8Array, answer: NodeAnswer | undefined): JudgedLine {
    const line = answer ? withAnswer(judged, answer) : judged;
    if (answer?.modules === true) this.modules++;
    this.tally.add(line, bytes);
    return line;
  }

  private numbered(judge: () => JudgedLine): JudgedLine {
    try {
      return judge();
    } catch (error) {
      throw atLine(error, this.tally.next);
    }
  }
}

/** The same error, saying in which line. */
export function atLine(error: unknown, line: number): unknown {
  if (!(error instanceof SolventError) || Object.hasOwn(error.details, 'line')) return error;
  return new SolventError(error.code, error.kind, `line ${line}: ${error.message}`, {
    ...error.details,
    line,
  });
}
