import type { Class } from '../documents/reserves';

export const CONTROLS = ['fresh', 'named', 'undated', 'unchecked', 'unsupported', 'none'] as const;
/** What evidence shows about who controls an address (the reserves page, section 2). */
export type Control = (typeof CONTROLS)[number];

/** Why a line is claimed and no more, in the order in which the first counts. */
export const REASONS = [
  'custodian',
  'none',
  'unsupported',
  'undated',
  'unchecked',
  'doubles',
  'token',
  'block',
  'rotation',
  'frozen',
  'balance',
] as const;
export type Reason = (typeof REASONS)[number];

export type Level =
  { readonly level: 'proved' | 'checked' } | { readonly level: 'claimed'; readonly reason: Reason };

/** What was found out about a line. */
export interface LineFacts {
  readonly class: Class;
  readonly control: Control;
  /** Whether control rests on a node's word, too. */
  readonly controlByNode: boolean;
  /** Whether the account's key can be changed on chain, and no node said that this is the present one. */
  readonly rotation: 'fixed' | 'confirmed by a node' | 'open';
  readonly evm: boolean;
  /** One party makes the blocks, or the own coin is bridged. */
  readonly oneParty: boolean;
  readonly confirmed: boolean;
  /** A token on a network whose tokens have no one spelling. */
  readonly doubles: boolean;
  /** Whether the verifier vouches for the coin or token, and its contract has no other code. */
  readonly known: boolean;
  readonly frozen: boolean;
  readonly balance: 'proved' | 'checked' | 'claimed';
}

/** The level of a line, and of a claimed one the first reason why. */
export function levelOf(facts: LineFacts): Level {
  const reason = firstReason(facts);
  if (reason !== undefined) return { level: 'claimed', reason };
  const proved =
    facts.class === 'own' &&
    facts.evm &&
    !facts.oneParty &&
    facts.rotation === 'fixed' &&
    facts.control === 'fresh' &&
    !facts.controlByNode &&
    facts.balance === 'proved';
  return { level: proved ? 'proved' : 'checked' };
}

function firstReason(facts: LineFacts): Reason | undefined {
  if (facts.class === 'custodian') return 'custodian';
  if (facts.control !== 'fresh' && facts.control !== 'named') return facts.control;
  if (facts.doubles) return 'doubles';
  if (!facts.known) return 'token';
  if (!facts.confirmed) return 'block';
  if (facts.rotation === 'open') return 'rotation';
  if (facts.frozen) return 'frozen';
  return facts.balance === 'claimed' ? 'balance' : undefined;
}
