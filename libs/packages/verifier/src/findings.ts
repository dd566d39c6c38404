/**
 * What a verdict is about, one code for each question. Whether the question was answered is said by the list
 * in which the finding stands, `checked` or `notChecked`, and by nothing else: messages are for people.
 */
export type FindingCode =
  /** That the manifest is signed by the key the operator is known by. */
  | 'OPERATOR_KEY'
  /** That it follows the manifests seen before without a gap. */
  | 'CHAIN'
  /** Why manifests of a former key, seen before, are not followed. */
  | 'LEFT_BEHIND'
  /** That everyone is shown this same manifest. */
  | 'SAME_FOR_ALL'
  /** Whose clock is wrong where `takenAt` lies more than a day ahead. */
  | 'TAKEN_IN_FUTURE'
  /** That every proof of the global proof holds. */
  | 'PROOFS'
  /** That the published totals are the sums over all accounts. */
  | 'TOTALS'
  /** That the account with this balance is in the manifest's snapshot. */
  | 'ACCOUNT_INCLUDED'
  /** That the account's id is made from the user's key. */
  | 'ACCOUNT_KEY'
  /** That the account's id is the one that was given, by whoever does not give their key. */
  | 'ACCOUNT_ID'
  /** That the manifest is one that the answering server published. */
  | 'PUBLISHED_MANIFEST'
  /** That a sealed bundle's index is signed by the operator, for this manifest. */
  | 'SEALED_INDEX';

/** What was compared, by name: keys, ids and digests in hex, times in UTC, numbers. */
export type Compared = Readonly<Record<string, string | number>>;

/** @typeParam Code a program that asks questions of its own adds their codes to `FindingCode` */
export interface Finding<Code extends string = FindingCode> {
  readonly code: Code;
  /** For people, in plain English. It may change with any version: nothing is to be read out of it. */
  readonly message: string;
  readonly compared?: Compared;
}

/** What a verifier looked at, and what it could not look at. */
export interface Findings<Code extends string = FindingCode> {
  readonly checked: readonly Finding<Code>[];
  readonly notChecked: readonly Finding<Code>[];
}

export function checked<Code extends string>(
  code: Code,
  message: string,
  compared?: Compared,
): Findings<Code> {
  return { checked: [{ code, message, ...(compared && { compared }) }], notChecked: [] };
}

export function notChecked<Code extends string>(
  code: Code,
  message: string,
  compared?: Compared,
): Findings<Code> {
  return { checked: [], notChecked: [{ code, message, ...(compared && { compared }) }] };
}

/** In the order given. Of a verdict the findings are taken, and nothing else. */
export function joinFindings<Code extends string>(...parts: readonly Findings<Code>[]): Findings<Code> {
  return {
    checked: parts.flatMap((part) => part.checked),
    notChecked: parts.flatMap((part) => part.notChecked),
  };
}
