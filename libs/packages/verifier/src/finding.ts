import { checked, notChecked, type Findings } from './findings';

/**
 * The findings of every verifier with their words, which are written here and nowhere else. Each function
 * answers, or leaves open, one question.
 */

const NOTHING: Findings = { checked: [], notChecked: [] };

/**
 * @param signedBy the manifest's key in hex;
 * @param expected the one known to the verifier, which it was found to be
 */
export function operatorKey(signedBy: string, expected?: string): Findings {
  return expected === undefined
    ? notChecked(
        'OPERATOR_KEY',
        `signed by ${signedBy}; NOT checked that this is the operator's key: none was given`,
        { signedBy },
      )
    : checked('OPERATOR_KEY', `signed by the expected operator ${signedBy}`, { signedBy, expected });
}

/** A manifest that follows earlier ones. @param oldest the first of them, as people call it */
export function follows(earlier: number, oldest: string): Findings {
  return checked('CHAIN', `follows ${earlier} earlier manifest(s) without a gap, back to ${oldest}`, {
    earlier,
    oldest,
  });
}

/**
 * A chain under a new key, which follows manifests of a former one that the verifier was told of.
 * @param last of the former key, as people call it
 */
export function followsFormerKey(
  earlier: number,
  oldest: string,
  last: string,
  keys: { readonly operator: string; readonly former: string },
): Findings {
  return checked(
    'CHAIN',
    `a chain under a new key, ${keys.operator}: it follows ${last}, signed by the former key ${keys.former} that you named; ${earlier} earlier manifest(s) without a gap, back to ${oldest}`,
    { earlier, oldest, ...keys },
  );
}

/** @param manifests of former keys, as people call them, the latest first */
export function leftBehind(manifests: readonly string[]): Findings {
  return manifests.length === 0
    ? NOTHING
    : notChecked(
        'LEFT_BEHIND',
        `NOT checked why ${manifests.join(', ')}, signed by a former key and seen before, is left behind by this chain: ask the operator, who must have said so in public`,
        { manifests: manifests.length },
      );
}

/** The manifest, given once more. @param manifest its digest */
export function seenBefore(manifest: string): Findings {
  return checked('CHAIN', 'the same manifest as seen before', { manifest });
}

/** A manifest with nothing to link it to. @param previous the digest it names; null of the first one */
export function chainNotChecked(previous: string | null): Findings {
  return previous === null
    ? notChecked(
        'CHAIN',
        'the first manifest of its chain by its own word; NOT checked: no earlier one was given',
      )
    : notChecked('CHAIN', `follows the manifest ${previous}; NOT checked: no earlier one was given`, {
        previous,
      });
}

/** Two manifests of one operator of which the later does not follow the earlier. */
export function chainNotFollowed(refusal: { readonly code: string; readonly reason: string }): Findings {
  return notChecked('CHAIN', `NOT checked that one follows the other: ${refusal.reason} (${refusal.code})`);
}

/** What no verifier can know by itself. @param manifest its digest */
export function sameForAll(manifest: string): Findings {
  return notChecked(
    'SAME_FOR_ALL',
    'NOT checked that everyone is shown this same manifest: compare its digest with the one published by the operator',
    { manifest },
  );
}

/**
 * @param now the verifier's clock, as `clockText` has it;
 * @param days how far ahead of it, undefined up to a day
 */
export function takenInFuture(takenAt: string, now: string, days: number | undefined): Findings {
  return days === undefined
    ? NOTHING
    : notChecked(
        'TAKEN_IN_FUTURE',
        `the balances are said to be taken at ${takenAt}, ${days} day(s) after the clock here (${now}); NOT checked which of the two is wrong: look at the clock, then ask the operator`,
        { takenAt, now },
      );
}

/** @param debts whether the snapshot's mode has any */
export function proofsHold(proofs: number, debts: boolean): Findings {
  return checked(
    'PROOFS',
    'every proof holds: no account counts less than nothing, no debt exceeds what covers it' +
      (debts ? '' : ' (there are no debts)'),
    { proofs },
  );
}

export function totalsHold(batches: number): Findings {
  return checked('TOTALS', 'the published totals are the sums over all accounts of all batches', { batches });
}

/** @param why what was not looked at, or what does look at it */
export function totalsNotChecked(why: string): Findings {
  return notChecked('TOTALS', `NOT checked that the manifest's totals hold for all accounts: ${why}`);
}

/** Of two manifests that are compared with each other alone. */
export function eitherTotalsNotChecked(): Findings {
  return notChecked(
    'TOTALS',
    "NOT checked that either manifest's totals hold: `solvent verify-global` does that",
  );
}

/** @param manifest its digest; @param files how many files it is said of, where it is said of several */
export function accountIncluded(manifest: string, files?: number): Findings {
  return checked(
    'ACCOUNT_INCLUDED',
    `${files === undefined ? 'the' : 'each valid'} account belongs to this manifest, and its balance is part of the totals`,
    { manifest, ...(files !== undefined && { files }) },
  );
}

/**
 * No account was found in the snapshot.
 * @param whose account is asked about;
 * @param why what there was instead
 */
export function accountNotFound(whose: string, why: string): Findings {
  return notChecked('ACCOUNT_INCLUDED', `NOT checked: ${whose}, for ${why}`);
}

/** @param of the account's id in hex; or of how many files it is said */
export function accountKey(of: { readonly id: string } | { readonly files: number }): Findings {
  const where = 'id' in of ? '' : `, in ${of.files} ${of.files === 1 ? 'file' : 'files'}`;
  return checked('ACCOUNT_KEY', `the account id is made from the key you gave${where}`, of);
}

/** The file's own id was used: someone else's file would pass. */
export function accountKeyNotChecked(of: { readonly id: string } | { readonly files: number }): Findings {
  const used = 'id' in of ? "the file's own id" : "each file's own id";
  return notChecked(
    'ACCOUNT_KEY',
    `NOT checked whose account it is: no account key was given, so ${used} was used: anybody's file would pass`,
    of,
  );
}

/** For whoever has an id and not the key it is made from. */
export function accountId(id: string): Findings {
  return checked(
    'ACCOUNT_ID',
    'the account id is the one that was given; whether it is made from your key only you can tell',
    { id },
  );
}

export function accountIdNotChecked(): Findings {
  return notChecked(
    'ACCOUNT_ID',
    "NOT checked whose account it is: no accountId was given, so the document's own id was used; compare it with yours",
  );
}

/** Said by a server of the manifests it published. @param manifest the digest that the document names */
export function publishedManifest(manifest: string): Findings {
  return checked(
    'PUBLISHED_MANIFEST',
    'checked against the manifest published here under the digest that the document names',
    { manifest },
  );
}

/** @param index the digest that is signed */
export function sealedIndex(index: string, operator: string): Findings {
  return checked(
    'SEALED_INDEX',
    "the bundle's index is signed by the manifest's operator, for this manifest",
    { index, operator },
  );
}
