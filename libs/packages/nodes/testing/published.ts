import { canonicalJson } from '@solvent-por/verifier';
import { utf8 } from '@solvent-por/kzg';
import {
  buildReserves,
  parseReserves,
  readKnownCoins,
  readKnownContracts,
  reservesDigest,
  signedText,
  verifyReserves,
  type DraftedLine,
  type NetworkBlock,
  type Reserves,
  type ReservesDraft,
  type ReservesVerdict,
} from '@solvent-por/reserves';
import { toHex } from '@solvent-por/kzg';
import { edKey, signEd } from '../../reserves/testing/keys';
import { openNodes, readNodeConfiguration, type NodeTrouble } from '../src';
import type { AnswerRecord } from '../src';

export const OPERATOR = edKey('operator');
export const OPERATOR_KEY = toHex(OPERATOR.key);

/** Two files, and the document that the first one is. */
export interface Published {
  readonly reserves: Uint8Array;
  readonly addresses: Uint8Array;
  readonly document: Reserves;
}

export interface DraftOptions {
  readonly takenAt: string;
  readonly networks: readonly NetworkBlock[];
  readonly assets: ReservesDraft['assets'];
  readonly holdings?: ReservesDraft['holdings'];
  readonly anchor?: string;
  readonly messages?: readonly string[];
}

/** @param lines what is held, made with the text that keys sign */
export function publish(
  { takenAt, networks, assets, holdings = [], anchor = networks[0]!.network, messages = [] }: DraftOptions,
  lines: (text: string) => readonly DraftedLine[],
): Published {
  const draft: ReservesDraft = {
    ...{ operator: OPERATOR_KEY, domain: 'exchange.example', snapshot: 'test', takenAt, anchor, messages },
    ...{ liabilities: null, networks, assets, holdings, attested: [], previous: null },
  };
  const { unsigned, lines: sorted } = buildReserves(draft, lines(signedText(draft)));
  const signature = signEd(reservesDigest(unsigned), OPERATOR);
  const reserves = utf8(canonicalJson({ ...unsigned, signature }));
  return {
    reserves,
    addresses: utf8(sorted.map((line) => `${line}\n`).join('')),
    document: parseReserves(reserves),
  };
}

export interface AskOptions {
  readonly tokens?: unknown;
  readonly contracts?: Readonly<Record<string, string>>;
  readonly blocks?: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly verdict: ReservesVerdict;
  readonly troubles: readonly NodeTrouble[];
  readonly answers: readonly AnswerRecord[];
}

/** Verified with nodes: whatever these contradict is thrown or a verdict of "wrong". */
export async function verifyWith(
  { reserves, addresses, document }: Published,
  nodes: readonly Readonly<Record<string, unknown>>[],
  { tokens, contracts, blocks = {} }: AskOptions = {},
): Promise<Asked> {
  const troubles: NodeTrouble[] = [];
  const answers: AnswerRecord[] = [];
  const opened = openNodes(
    nodes.map((node) => readNodeConfiguration({ attempts: 1, ...node })),
    {
      reserves: document,
      coins: readKnownCoins(tokens),
      contracts: readKnownContracts(contracts),
      onTrouble: (trouble) => troubles.push(trouble),
      onAnswer: (answer) => answers.push(answer),
    },
  );
  try {
    const confirming = await opened.confirmBlocks();
    const verdict = await verifyReserves(reserves, once(addresses), {
      ...{ operator: OPERATOR_KEY, blocks, nodes: confirming, ...(tokens !== undefined && { tokens }) },
      ...{ ask: (lines) => opened.ask(lines), askAhead: opened.ahead },
    });
    return { verdict, troubles, answers };
  } finally {
    await opened.close();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
