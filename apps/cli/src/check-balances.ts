import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SolventError } from '@solvent-por/kzg';
import {
  ADDRESSES_FILE,
  MAX_RESERVE_LINE_BYTES,
  MAX_RESERVES_BYTES,
  parseLine,
  parseReserves,
  RESERVES_FILE,
  ReservesVerifier,
  type Line,
  type Reserves,
} from '@solvent-por/reserves';
import type { ReserveNodes } from '@solvent-por/nodes';
import { splitLines } from '@solvent-por/verifier';
import type { Context, Outcome } from './context';
import { EXIT } from './exit-code';
import { about, readBounded, readPieces } from './files';
import { count, plural } from './format';
import { nodesOf, openFor, sayTroubles, type NodeOptions } from './reserve-nodes';
import { usage } from './reserves-outcome';
import { jsonOf } from './reserves-trust';

export interface CheckBalanceOptions extends NodeOptions {
  readonly network?: string;
  readonly asset?: string;
  readonly address?: string;
  readonly tokens?: string;
}

/** One line, and what a node says: `proof` where it proved the amount, else by its word. */
interface Row {
  readonly network: string;
  readonly asset: string;
  readonly token?: string;
  readonly address: string;
  readonly class: string;
  readonly stated: string;
  readonly answer?: string;
  readonly by?: 'proof' | 'word';
  readonly verdict: 'right' | 'wrong' | 'no answer';
}

/** Asked at once, so that a node scans for many addresses together. */
const TOGETHER = 4096;

/** Every line's amount against what a node says that the address held at the stated block. */
export async function checkBalances(
  directory: string,
  options: CheckBalanceOptions,
  context: Context,
): Promise<Outcome> {
  const configurations = await nodesOf(options, context);
  if (configurations.length === 0) usage('there is nobody to ask: name a node with --node network=URL');
  const file = join(directory, RESERVES_FILE);
  const tokens = options.tokens === undefined ? undefined : await jsonOf(options.tokens);
  const bytes = await readBounded(file, MAX_RESERVES_BYTES);
  const reserves = about(file, () => parseReserves(bytes));
  new ReservesVerifier(reserves, { ...(tokens !== undefined && { tokens }) });
  const { nodes, troubles } = openFor(configurations, reserves, { tokens });
  try {
    const confirmed = await nodes.confirmBlocks();
    const asked = new Set(configurations.map(({ network }) => network));
    const rows: Row[] = [];
    const progress = context.progress('asking');
    let lines = 0;
    for await (const some of together(linesOf(join(directory, ADDRESSES_FILE), reserves))) {
      lines += some.length;
      const wanted = some.filter((line) => isWanted(line, options, asked));
      const found = await rowsOf(wanted, nodes);
      for (const row of found) sayRow(row, context);
      rows.push(...found);
      progress.update(lines, reserves.addresses.lines);
    }
    progress.stop();
    if (rows.length === 0) usage('no line is of such a network, asset and address: look at their spelling');
    return outcome(rows, { reserves, confirmed, lines, unanswered: sayTroubles(troubles, context) }, context);
  } finally {
    await nodes.close();
  }
}

/** @throws SolventError ADDRESSES_UNTRUE: it is not the whole file that reserves.json is signed with */
async function* linesOf(file: string, { addresses }: Reserves): AsyncGenerator<Line> {
  const hash = createHash('sha256');
  let number = 0;
  for await (const line of splitLines(readPieces(file), () => MAX_RESERVE_LINE_BYTES)) {
    number++;
    hash.update(line).update('\n');
    yield about(`${file}, line ${number}`, () => parseLine(line));
  }
  if (`0x${hash.digest('hex')}` !== addresses.digest)
    throw new SolventError(
      'ADDRESSES_UNTRUE',
      'invalid',
      `${file} is cut off, or another one than reserves.json is signed with: download both again`,
    );
}

async function* together(lines: AsyncIterable<Line>): AsyncGenerator<readonly Line[]> {
  let some: Line[] = [];
  for await (const line of lines) {
    some.push(line);
    if (some.length < TOGETHER) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function isWanted(
  { network, asset: of, account }: Line,
  { network: name, asset, address }: CheckBalanceOptions,
  asked: ReadonlySet<string>,
): boolean {
  return (
    (name === undefined ? asked.has(network.name) : network.name === name) &&
    (asset === undefined || of === asset) &&
    (address === undefined || account.address === address)
  );
}

async function rowsOf(lines: readonly Line[], nodes: ReserveNodes): Promise<readonly Row[]> {
  // An EVM node tells of coins that are not staked.
  const tellable = lines.filter((line) => !(line.class === 'staked' && line.network.family === 'eip155'));
  const answers = await nodes.balances(
    tellable.map(({ network, token, account }) => ({
      ...{ network: network.name, address: account.address },
      ...(token !== undefined && { token }),
    })),
  );
  const byLine = new Map(tellable.map((line, i) => [line, answers[i]]));
  return lines.map((line) => {
    const { network, asset, token, account, amount, class: of } = line;
    const answer = byLine.get(line);
    const said = answer?.amount;
    return {
      ...{ network: network.name, asset, ...(token !== undefined && { token }) },
      ...{ address: account.address, class: of, stated: amount.toString() },
      ...(said !== undefined && {
        answer: said.toString(),
        by: answer!.proof ? ('proof' as const) : ('word' as const),
      }),
      verdict: said === undefined ? 'no answer' : said === amount ? 'right' : 'wrong',
    };
  });
}

function sayRow(row: Row, { say, complain, style }: Context): void {
  const { network, asset, address, stated, answer, by, verdict } = row;
  const what = `${network} ${asset} ${address}: stated ${stated}`;
  if (verdict === 'wrong') complain(`${style.cross} ${what}, the node ${saysBy(by)} ${answer}`);
  else if (verdict === 'right') say(`${style.tick} ${what}, the node ${saysBy(by)} so`);
  else say(`${style.warning} ${what}, no answer`);
}

function saysBy(by: Row['by']): string {
  return by === 'proof' ? 'proves' : 'says';
}

function outcome(
  rows: readonly Row[],
  {
    reserves,
    confirmed,
    lines,
    unanswered,
  }: {
    readonly reserves: Reserves;
    readonly confirmed: Readonly<Record<string, string>>;
    readonly lines: number;
    readonly unanswered: object;
  },
  { say, complain, style }: Context,
): Outcome {
  const number = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  const [right, wrong, none] = [number('right'), number('wrong'), number('no answer')];
  for (const [network, name] of Object.entries(confirmed)) say(`Block of ${network}: confirmed by ${name}`);
  say(
    `${plural(rows.length, 'line')} of ${count(lines)}: ${right} right, ${wrong} wrong, ${none} without an answer`,
  );
  if (wrong > 0) complain(style.paint('red', 'WRONG'));
  const verdict = wrong > 0 ? 'wrong' : none > 0 ? 'unchecked' : 'right';
  return {
    exitCode: wrong > 0 ? EXIT.invalid : none > 0 ? EXIT.undecided : EXIT.valid,
    document: {
      ...{ verdict, snapshot: reserves.snapshot, nodes: confirmed, right, wrong, noAnswer: none, rows },
      ...unanswered,
    },
  };
}
