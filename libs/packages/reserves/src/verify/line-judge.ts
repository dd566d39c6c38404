import { hexBytes } from '@solvent-por/kzg';
import { parseLine, type Line } from '../documents/line';
import type { Class, Holding, Reserves } from '../documents/reserves';
import { textOf, type TextKind } from '../documents/texts';
import { malformed, untrue } from '../failure';
import { ONE_PARTY } from '../known/ledgers';
import type { KnownCoins } from '../known/read-known';
import {
  proofNodes,
  provedAccount,
  provedTokenBalance,
  type EvmAccount,
  type SlotRule,
} from '../proofs/evm-balance';
import { readNodes } from '../proofs/merkle-patricia';
import { judgeOwnership } from '../schemes/judge-ownership';
import { KEY_SCHEMES } from '../schemes/schemes';
import type { Question } from '../schemes/evidence';
import type { CheckedBlock } from './blocks';
import { tokenRule } from './token-rule';
import { levelOf, type Control, type Level, type LineFacts } from './levels';

/** One line, judged; plain data, so that a worker can hand it over. */
export interface JudgedLine {
  /** Index of its holding. */
  readonly holding: number;
  /** What lines rise by within a holding. */
  readonly address: string;
  readonly class: Class;
  readonly amount: bigint;
  readonly facts: LineFacts;
  /** An account whose key signed has code of its own (EIP-7702). */
  readonly delegated: boolean;
  /** Whether a key signed for its own account. */
  readonly byKey: boolean;
  /** What a node must be asked about control, or about the present key. */
  readonly question?: Question;
  /** What control is once a node has confirmed it. */
  readonly confirmedControl?: Control;
}

/** What a node said of a line at the stated block; a member that is absent: it gave no answer. */
export interface NodeAnswer {
  readonly amount?: bigint;
  /** Of a balance that came with its proof (`fetchedBalance`): it is no word of the node's. */
  readonly proof?: { readonly frozen: boolean; readonly code: boolean; readonly otherCode: boolean };
  /** Whether it confirms, or contradicts, what the evidence says about control. */
  readonly control?: boolean;
  /** Whether the key that signed is the account's present one (⟳). */
  readonly presentKey?: boolean;
  /** A Safe has modules enabled, which can move its coins too. */
  readonly modules?: boolean;
}

interface Place {
  readonly index: number;
  readonly holding: Holding;
  readonly checked: CheckedBlock;
  readonly known: boolean;
  readonly rule?: SlotRule;
  readonly contract?: EvmAccount;
  readonly otherCode: boolean;
}

/** Networks outside these where an account's key can be changed on chain (⟳). */
const ROTATING = new Set(['tron', 'aptos', 'ton', 'stellar', 'pi', 'near', 'beacon']);
/** Where every token has one spelling. */
const TOKEN_FAMILIES = new Set(['eip155', 'tron']);

/**
 * Judges lines one by one, each by itself: form, evidence of ownership, evidence of the balance. What lines
 * are together (order, sums) is for the `Tally`, so that judges may work side by side.
 */
export class LineJudge {
  private readonly places: ReadonlyMap<string, Place>;
  private readonly anchored: boolean;

  /** @throws SolventError of the proofs in `storage` of holdings */
  constructor(
    private readonly reserves: Reserves,
    private readonly blocks: ReadonlyMap<string, CheckedBlock>,
    private readonly coins: KnownCoins,
  ) {
    this.places = new Map(
      reserves.holdings.map((holding, index) => [keyOf(holding), this.place(holding, index)]),
    );
    this.anchored = blocks.get(reserves.anchor)!.confirmed;
  }

  /**
   * @param input one line without its LF
   * @throws SolventError LINE_MALFORMED and what evidence throws: kind malformed, or invalid where it is false
   */
  judge(input: string | Uint8Array): JudgedLine {
    const line = parseLine(input);
    const { network, account, asset, token, amount } = line;
    const place = this.places.get(
      keyOf({ network: network.name, asset, ...(token !== undefined && { token }) }),
    );
    if (!place)
      return malformed(
        'LINE_MALFORMED',
        'network, asset and token of the line are no holding of reserves.json',
      );
    const control = this.control(line);
    const balance = balanceOf(line, place);
    const facts: LineFacts = {
      class: line.class,
      control: control.control,
      controlByNode: false,
      rotation: this.rotates(line) ? 'open' : 'fixed',
      evm: network.family === 'eip155',
      oneParty: ONE_PARTY.has(network.name),
      confirmed: place.checked.confirmed,
      doubles: token !== undefined && !TOKEN_FAMILIES.has(network.family),
      known: place.known && !place.otherCode,
      frozen: balance.frozen,
      balance: balance.proved ? 'proved' : 'claimed',
    };
    return {
      ...{ holding: place.index, address: account.address, class: line.class, amount, facts },
      delegated: balance.code && control.byKey,
      byKey: control.byKey,
      ...(control.question && { question: control.question }),
      ...(control.confirmed && { confirmedControl: control.confirmed }),
    };
  }

  private control({ network, account, ownership }: Line): {
    readonly control: Control;
    readonly confirmed?: Control;
    readonly question?: Question;
    readonly byKey: boolean;
  } {
    if (ownership === undefined) return { control: 'none', byKey: false };
    let kind: TextKind = 'snapshot';
    const judged = judgeOwnership(
      network,
      account,
      ownership,
      (members) => {
        const chosen = textOf(this.reserves, members);
        kind = chosen.kind;
        return chosen.text;
      },
      ['message', 'named'],
    );
    if (judged.verdict === 'unsupported') return { control: 'unsupported', byKey: false };
    const dated = this.dated(kind);
    const byKey = KEY_SCHEMES.has((ownership as { readonly scheme: string }).scheme);
    if (judged.verdict === 'right') {
      const question =
        judged.key === undefined ? {} : { question: { kind: 'key', key: judged.key } as const };
      return { control: dated, byKey, ...question };
    }
    const { question } = judged;
    // Such evidence can be copied from another exchange's file: no node makes it more.
    if (dated === 'undated') return { control: 'undated', byKey, question };
    return { control: 'unchecked', confirmed: dated, byKey, question };
  }

  private dated(kind: TextKind): Control {
    if (kind === 'legacy') return 'undated';
    return kind === 'snapshot' && this.anchored ? 'fresh' : 'named';
  }

  private rotates({ network, class: of }: Line): boolean {
    if (network.family === 'eip155') {
      const builtIn = this.coins.coin(network.name) !== undefined;
      return !builtIn && !this.coins.own.has(network.name);
    }
    return ROTATING.has(network.name) || (network.name === 'solana' && of === 'staked');
  }

  private place(holding: Holding, index: number): Place {
    const { network, token, storage } = holding;
    const checked = this.blocks.get(network)!;
    const coin = this.coins.coin(network, token);
    if (storage === undefined)
      return { index, holding, checked, known: coin !== undefined, otherCode: false };
    const contract = provedAccount(checked.stateRoot!, hexBytes(token, 20), proofNodes(storage, 'storage'));
    if (!contract.exists)
      untrue('STATE_PROOF_UNTRUE', `storage shows that there is no contract at ${token} on ${network}`);
    const ruled = tokenRule(coin, contract, checked.block.height);
    return {
      ...{ index, holding, checked, known: coin !== undefined, contract },
      ...ruled,
    };
  }
}

/** The judged line with what a node said of it. @throws SolventError NODE_CONTRADICTS (kind invalid), R10 */
export function withAnswer(line: JudgedLine, answer: NodeAnswer): JudgedLine {
  const { facts, amount, address } = line;
  if (answer.amount !== undefined && answer.amount !== amount)
    untrue('NODE_CONTRADICTS', `the node says that ${address} has ${answer.amount}, not ${amount}`);
  if (answer.control === false)
    untrue('NODE_CONTRADICTS', `the node says that ${address} is controlled by others than those who signed`);
  if (answer.presentKey === false)
    untrue('NODE_CONTRADICTS', `the node says that the key that signed is not the present one of ${address}`);
  const confirmed = answer.control === true && line.confirmedControl !== undefined;
  // Staked coins are no balance that a node of the network tells.
  const told =
    answer.amount !== undefined && facts.balance === 'claimed' && !(facts.evm && line.class === 'staked');
  const present = answer.presentKey === true && facts.rotation === 'open';
  const { proof } = answer;
  return {
    ...line,
    delegated: line.delegated || (proof?.code === true && line.byKey),
    facts: {
      ...facts,
      ...(confirmed ? { control: line.confirmedControl!, controlByNode: true } : {}),
      ...(told ? { balance: proof ? ('proved' as const) : ('checked' as const) } : {}),
      ...(told && proof ? { frozen: facts.frozen || proof.frozen } : {}),
      ...(proof?.otherCode ? { known: false } : {}),
      ...(present ? { rotation: 'confirmed by a node' as const } : {}),
    },
  };
}

export function judgedLevel({ facts }: JudgedLine): Level {
  return levelOf(facts);
}

/** R8: evidence of a balance, where there may be some, and what it shows. */
function balanceOf(
  { network, account, token, class: of, amount, balance }: Line,
  { holding, checked, contract, rule }: Place,
): { readonly proved: boolean; readonly frozen: boolean; readonly code: boolean } {
  if (balance === undefined) return { proved: false, frozen: false, code: false };
  if (network.family !== 'eip155' || checked.stateRoot === undefined)
    return malformed('LINE_MALFORMED', 'balance is for eip155 networks with a header alone');
  if (token !== undefined && holding.storage === undefined)
    return malformed('LINE_MALFORMED', 'balance of a token needs the storage of its holding');
  if (of === 'staked')
    return malformed('LINE_MALFORMED', 'balance of class staked would show the coins that are not staked');
  const nodes = proofNodes(balance, 'balance');
  if (token === undefined) {
    const state = provedAccount(checked.stateRoot, account.payload, nodes);
    refuseOther(state.balance, amount);
    return { proved: true, frozen: false, code: state.hasCode };
  }
  if (!rule) {
    readNodes(nodes);
    return { proved: false, frozen: false, code: false };
  }
  const shown = provedTokenBalance(contract!.storageRoot, account.payload, rule, nodes);
  refuseOther(shown.amount, amount);
  return { proved: true, frozen: shown.frozen, code: false };
}

function refuseOther(shown: bigint, amount: bigint): void {
  if (shown !== amount)
    untrue('STATE_PROOF_UNTRUE', `the proof shows a balance of ${shown}, the line says ${amount}`);
}

function keyOf(of: { readonly network: string; readonly asset: string; readonly token?: string }): string {
  return `${of.network} ${of.asset} ${of.token ?? ''}`;
}
