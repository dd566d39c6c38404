import { utf8 } from '@solvent-por/kzg';
import { levelOf, type JudgedLine, type NodeAnswer, type Reserves } from '@solvent-por/reserves';
import type { ReserveLine } from '@solvent-por/services/database';

/** A line as its judge left it, and what a node said of it. */
export interface AnsweredLine {
  readonly judged: JudgedLine;
  readonly answer: NodeAnswer | undefined;
}

/** What is kept of a part: the judged lines, and the nodes that were asked, with the blocks they were asked about. */
interface KeptPart {
  readonly nodes: Readonly<
    Record<string, { readonly name: string; readonly height: string; readonly block: string }>
  >;
  readonly lines: ReadonlyArray<{ readonly judged: Texts<JudgedLine>; readonly answer?: Texts<NodeAnswer> }>;
}

/** With decimal strings, as JSON has no such numbers. */
type Texts<T extends { readonly amount?: bigint }> = Omit<T, 'amount'> & { readonly amount?: string };

/** @param nodes that confirmed the blocks of networks, by their names */
export function encodeJudged(
  lines: readonly AnsweredLine[],
  { networks }: Pick<Reserves, 'networks'>,
  nodes: Readonly<Record<string, string>>,
): Uint8Array {
  const kept: KeptPart = {
    nodes: Object.fromEntries(
      networks.flatMap(({ network, height, block }) =>
        Object.hasOwn(nodes, network) ? [[network, { name: nodes[network]!, height, block }]] : [],
      ),
    ),
    lines: lines.map(({ judged, answer }) => ({
      judged: asText(judged),
      ...(answer && { answer: asText(answer) }),
    })),
  };
  return utf8(JSON.stringify(kept));
}

/** @param bytes of `encodeJudged`, whose MAC was looked at */
export function decodeJudged(bytes: Uint8Array): AnsweredLine[] {
  const { lines } = JSON.parse(Buffer.from(bytes).toString('utf8')) as KeptPart;
  return lines.map(({ judged, answer }) => ({
    judged: { ...judged, amount: BigInt(judged.amount!) },
    answer: answer && fromText(answer),
  }));
}

/** A line as it is listed. @param judged with what a node said of it */
export function listedLine(
  judged: JudgedLine,
  line: number,
  { holdings }: Pick<Reserves, 'holdings'>,
): ReserveLine {
  const { network, asset, token } = holdings[judged.holding]!;
  const level = levelOf(judged.facts);
  return {
    ...{ line, network, asset, token: token ?? null, address: judged.address },
    amount: judged.amount.toString(),
    class: judged.class,
    control: judged.facts.control,
    level: level.level,
    reason: level.level === 'claimed' ? level.reason : null,
  };
}

/** The lines of a part without their LFs. */
export function linesOf(content: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(10, at);
    lines.push(content.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

function asText<T extends { readonly amount?: bigint }>(value: T): Texts<T> {
  const { amount, ...rest } = value;
  return { ...rest, ...(amount !== undefined && { amount: amount.toString() }) };
}

function fromText({ amount, ...rest }: Texts<NodeAnswer>): NodeAnswer {
  return { ...rest, ...(amount !== undefined && { amount: BigInt(amount) }) };
}
