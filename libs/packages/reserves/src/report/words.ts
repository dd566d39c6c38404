import type { Control, Reason } from '../verify/levels';
import type { SolvencyVerdict } from '../verify/solvency';
import type { AuditCheck, AuditReport, NotShown } from './audit-report';

/** Why lines are claimed and no more; the terminal and the report say the same. */
export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  custodian: 'somebody else holds the keys',
  none: 'no evidence of ownership',
  unsupported: 'evidence of a kind that this version does not judge',
  undated: 'signed over a legacy text, which can be copied from another exchange',
  unchecked: 'a node must confirm who controls it',
  doubles: 'a token of a network whose tokens have no one spelling: not checked for doubles',
  token: 'a coin or token that this verifier does not know, or with other code',
  block: 'its block is not confirmed',
  rotation: 'the key can be changed on chain, and no node said that it is the present one',
  frozen: 'the token is frozen there',
  balance: 'the amount is the operator’s word',
};

export const LEVEL_WORDS = {
  proved: 'by arithmetic, and hashes of blocks that the verifier got from elsewhere',
  checked: 'a node that the verifier chose says so, too, or the text is a standing one',
  claimed: 'the operator says so',
} as const;

export const CONTROL_WORDS: Readonly<Record<Control, string>> = {
  fresh: 'signed over this snapshot’s text',
  named: 'signed over a standing text, or before a block that is not confirmed',
  undated: 'signed over a legacy text',
  unchecked: 'a node must confirm it',
  unsupported: 'of a kind that is not judged',
  none: 'no evidence',
};

export const VERDICT_WORDS: Readonly<Record<SolvencyVerdict | 'not owed' | 'not compared', string>> = {
  short: 'Short',
  'not covered on chain': 'Not covered on chain',
  'not comparable': 'Not comparable',
  claimed: 'Claimed, not shown',
  covered: 'Covered',
  'not owed': 'Not owed',
  'not compared': 'Not compared',
};

export const LIABILITIES_WORDS: Readonly<Record<AuditReport['liabilities'], string>> = {
  none: 'The publication is bound to no liabilities.',
  'not given': 'The manifest of the liabilities was not given: nothing is compared with what is owed.',
  unproved:
    'What is owed is the operator’s word: the global proof of the liabilities was not verified in this run.',
  proved: 'What is owed is proved: the global proof of the liabilities was verified in this run.',
};

/** Each check, done and not done. */
export const CHECK_WORDS: Readonly<Record<AuditCheck, readonly [done: string, open: string]>> = {
  signature: ['reserves.json is signed by the key it names', 'the signature of reserves.json'],
  lines: [
    'every line of reserve-addresses.ndjson was judged, and they are those that were signed for',
    'the lines of reserve-addresses.ndjson',
  ],
  operator: [
    'the key is the one that the operator is known by',
    'whose the key is: it was compared with no other',
  ],
  blocks: [
    'every block is confirmed from elsewhere',
    'not every block is confirmed from elsewhere: see the list',
  ],
  nodes: ['nodes were asked: see the list of blocks', 'no node was asked, or none confirmed its block'],
  manifest: [
    'the manifest of the liabilities is signed by the same key, and the one that is named',
    'the manifest of the liabilities was not given',
  ],
  liabilities: [
    'the global proof of the liabilities, every batch of it',
    'the global proof of the liabilities was not verified in this run',
  ],
  previous: [
    'it follows the publication before it',
    'the publication before it was not given: the chain was not checked',
  ],
};

export const NOT_SHOWN_WORDS: Readonly<Record<NotShown, string>> = {
  borrowed: 'that coins were not borrowed for a day, or a signature lent (a standing text lasts 400 days)',
  pledged: 'that nothing is pledged',
  others:
    'that nobody else can move the coins: another signer, a branch of a script, a token’s issuer, delegated code',
  listed: 'that no other exchange lists the same address',
  contracts: 'that who signs for a contract can take the money out',
  custodians: 'that custodians, bridges and issuers are solvent',
  ledgers: 'that a ledger whose blocks one party makes tells the truth',
  bridges: 'that coins on a layer 2 are not those in its bridge',
  debts: 'that all debts are among the liabilities',
};

/** `covered by what is proved`, and never more than was shown. */
export function verdictWords({
  verdict,
  by,
}: {
  readonly verdict: keyof typeof VERDICT_WORDS;
  readonly by?: 'proved' | 'checked';
}): string {
  return by ? `${VERDICT_WORDS[verdict]} by what is ${by}` : VERDICT_WORDS[verdict];
}
