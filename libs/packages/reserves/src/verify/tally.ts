import { sha256 } from '@noble/hashes/sha2.js';
import { compareKeys } from '../documents/reader';
import { CLASSES, type Class, type Holding, type Reserves } from '../documents/reserves';
import { networkOf } from '../addresses/networks';
import { malformed, untrue } from '../failure';
import { hexOf } from '../hex';
import { ONE_PARTY } from '../known/ledgers';
import { rescale } from './check-reserves';
import { CONTROLS, REASONS, type Control, type Reason } from './levels';
import { judgedLevel, type JudgedLine } from './line-judge';

/** Sums of one holding and class. */
interface Sums {
  total: bigint;
  proved: bigint;
  checked: bigint;
  /** Of the checked ones, those with a standing text. */
  named: bigint;
}

/** Of an asset, in its scale: none of the first three is within another. */
export interface AssetSums {
  readonly scale: number;
  readonly price?: string;
  readonly proved: string;
  readonly checked: string;
  readonly claimed: string;
  /** Of the checked. */
  readonly named: string;
  /** Of all three, what stands on ledgers whose blocks one party makes. */
  readonly layer2: string;
}

/** Networks beside EVM, UTXO and beacon: there an account may hold its own coin and stake it too. */
const STAKES_ELSEWHERE = new Set(['eip155', 'utxo', 'beacon']);

/**
 * What lines are together: their order, their sums, the file's length and digest. Memory does not grow with
 * their number.
 */
export class Tally {
  private readonly hash = sha256.create();
  private readonly sums: readonly Readonly<Record<Class, Sums>>[];
  private readonly counts: number[];
  private readonly control = new Map<Control, number>();
  private readonly reason = new Map<Reason, number>();
  private last: { readonly line: JudgedLine; readonly key: readonly string[] } | undefined;
  /** Bytes of the file so far. */
  private bytes = 0;
  lines = 0;
  delegated = 0;
  private taken = 0;

  constructor(private readonly reserves: Reserves) {
    const none = (): Sums => ({ total: 0n, proved: 0n, checked: 0n, named: 0n });
    this.sums = reserves.holdings.map(() => ({ custodian: none(), own: none(), staked: none() }));
    this.counts = reserves.holdings.map(() => 0);
  }

  /**
   * @param bytes the line without its LF
   * @throws SolventError LINE_MALFORMED (order, or an address twice), ADDRESSES_UNTRUE (the file is longer)
   */
  add(line: JudgedLine, bytes: Uint8Array): void {
    this.count(bytes);
    const holding = this.reserves.holdings[line.holding]!;
    this.refuseOrder(line, holding);
    const sums = this.sums[line.holding]![line.class];
    sums.total += line.amount;
    const level = judgedLevel(line);
    if (level.level === 'claimed') increase(this.reason, level.reason);
    else {
      sums[level.level] += line.amount;
      if (level.level === 'checked' && line.facts.control === 'named') sums.named += line.amount;
    }
    increase(this.control, line.facts.control);
    this.counts[line.holding]!++;
    if (line.delegated) this.delegated++;
    this.taken++;
  }

  /** R6. @throws SolventError ADDRESSES_UNTRUE: the file is another one, or its lines add up to something else */
  finish(): void {
    const { addresses, holdings } = this.reserves;
    if (this.bytes !== addresses.bytes || this.lines !== addresses.lines)
      refuse(
        `the file has ${this.lines} lines and ${this.bytes} bytes, reserves.json says ${addresses.lines} and ${addresses.bytes}: download it again`,
      );
    if (hexOf(this.hash.digest()) !== addresses.digest)
      refuse('the digest of the file is not the one in reserves.json: download both again');
    holdings.forEach(({ network, asset, lines, totals }, i) => {
      if (this.counts[i] !== lines)
        refuse(
          `the holding of ${asset} on ${network} has ${this.counts[i]} lines, reserves.json says ${lines}`,
        );
      for (const name of CLASSES)
        if (this.sums[i]![name].total !== BigInt(totals[name]))
          refuse(
            `the lines of ${asset} on ${network} add up to ${this.sums[i]![name].total} ${name}, reserves.json says ${totals[name]}`,
          );
    });
  }

  /** Number of the line that comes next, or that was refused: lines are counted from 1. */
  get next(): number {
    return this.taken + 1;
  }

  /** Numbers of lines; those of none are left out. */
  get ownership(): Readonly<Partial<Record<Control, number>>> {
    return ordered(this.control, CONTROLS);
  }

  get reasons(): Readonly<Partial<Record<Reason, number>>> {
    return ordered(this.reason, REASONS);
  }

  /** Sums by asset, each level rounded down holding by holding and class by class. */
  assets(priceOf: (symbol: string) => string | undefined): Readonly<Record<string, AssetSums>> {
    return Object.fromEntries(
      this.reserves.assets.map(({ symbol, scale, totals }) => {
        const sum = (of: keyof Sums, counts: (holding: Holding) => boolean = () => true) =>
          this.reserves.holdings.reduce(
            (sum, holding, i) =>
              holding.asset === symbol && counts(holding)
                ? CLASSES.reduce(
                    (s, name) => s + rescale(this.sums[i]![name][of], holding.decimals, scale),
                    sum,
                  )
                : sum,
            0n,
          );
        const [proved, checked] = [sum('proved'), sum('checked')];
        const all = CLASSES.reduce((s, name) => s + BigInt(totals[name]), 0n);
        const price = priceOf(symbol);
        return [
          symbol,
          {
            scale,
            ...(price !== undefined && { price }),
            proved: proved.toString(),
            checked: checked.toString(),
            claimed: (all - proved - checked).toString(),
            named: sum('named').toString(),
            layer2: sum('total', ({ network }) => ONE_PARTY.has(network)).toString(),
          },
        ];
      }),
    );
  }

  private count(bytes: Uint8Array): void {
    this.lines++;
    this.bytes += bytes.length + 1;
    if (this.bytes > this.reserves.addresses.bytes)
      refuse(`the file is longer than the ${this.reserves.addresses.bytes} bytes of reserves.json`);
    this.hash.update(bytes).update(LF);
  }

  private refuseOrder(line: JudgedLine, { network, asset, token = '' }: Holding): void {
    const key = [network, asset, token, line.address, line.class];
    const before = this.last;
    this.last = { line, key };
    if (!before) return;
    if (compareKeys(before.key, key) >= 0)
      malformed(
        'LINE_MALFORMED',
        'lines must rise strictly by network, asset, token, address and class, and none come twice',
      );
    if (before.line.holding !== line.holding || before.line.address !== line.address) return;
    const both = before.line.class === 'own' && line.class === 'staked';
    if (!both || token !== '' || STAKES_ELSEWHERE.has(networkOf(network).family))
      malformed('LINE_MALFORMED', `the address ${line.address} comes twice in one holding`);
  }
}

const LF = Uint8Array.of(10);

function increase<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function ordered<K extends string>(
  counts: ReadonlyMap<K, number>,
  names: readonly K[],
): Readonly<Partial<Record<K, number>>> {
  return Object.fromEntries(
    names.flatMap((name) => (counts.has(name) ? [[name, counts.get(name)!]] : [])),
  ) as Partial<Record<K, number>>;
}

function refuse(problem: string): never {
  return untrue('ADDRESSES_UNTRUE', problem);
}
