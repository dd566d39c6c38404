import { SolventError, toHex } from '@solvent-por/kzg';
import { proofName, proofPath, WitnessDirectory } from '@solvent-por/prover';
import { accountId, headerDigest } from '@solvent-por/verifier';
import { readAccountKeys } from './account-keys';
import { givenAccountKey, type AccountOptions } from './arguments';
import { printable, shortId } from './format';

export interface WantedOptions extends AccountOptions {
  readonly witness: string;
  /** A list of keys. */
  readonly keys?: string;
  readonly all?: true;
}

/** An account that was not found, as people can find it: by the place of its key. */
export interface MissingAccount {
  readonly name: string;
  readonly hint?: string;
}

/** The accounts whose proofs somebody asked for. */
export interface WantedAccounts {
  /** Ids of this snapshot. */
  readonly ids: readonly Uint8Array[] | 'all';
  readonly tidied: readonly string[];
  /** Names what was not found; a key that is an id of this snapshot is told so. */
  missing(ids: readonly Uint8Array[]): Promise<readonly MissingAccount[]>;
  /** A member for `--json`: the file of each account, in the order of the list, null where it is missing. */
  files(missing: readonly Uint8Array[], levels: number): { readonly files?: readonly (string | null)[] };
}

const ID_FOR_KEY = 'what was given as key is an account id of this snapshot: give the account key';

const ALL: WantedAccounts = {
  ids: 'all',
  tidied: [],
  missing: () => Promise.resolve([]),
  files: () => ({}),
};

/**
 * @throws SolventError OPTIONS (usage) unless exactly one of the four ways to name accounts was taken;
 * KEY_MALFORMED, KEYS_MALFORMED, …; as WitnessDirectory.open
 */
export async function wantedAccounts(options: WantedOptions): Promise<WantedAccounts> {
  const { key, identifier, keys, all, witness } = options;
  if ([key, identifier, keys, all].filter((given) => given !== undefined).length !== 1)
    throw new SolventError('OPTIONS', 'usage', 'give one of --key, --identifier, --keys and --all');
  if (all) return ALL;
  const list = keys === undefined ? undefined : await readAccountKeys(keys);
  const { header } = await inWitness(witness, ({ manifest }) => Promise.resolve(manifest));
  const given = list ? undefined : givenAccountKey(options, header)!;
  const digest = headerDigest(header);
  const accounts = (list?.value ?? [{ key: given!.value, line: 0 }]).map((account) => {
    const id = accountId(digest, account.key);
    return { ...account, id, hex: toHex(id) };
  });
  const absent = (missing: readonly Uint8Array[]) => new Set(missing.map(toHex));
  return {
    ids: accounts.map(({ id }) => id),
    tidied: list?.tidied ?? given!.tidied,
    missing: (missing) => {
      const wanted = absent(missing);
      const lost = accounts.filter(({ hex }) => wanted.has(hex));
      if (lost.length === 0) return Promise.resolve([]);
      return inWitness(witness, async (directory) => {
        const named: MissingAccount[] = [];
        for (const { key: bytes, line, hex } of lost) {
          const place = keys === undefined ? shortId(hex) : `on line ${line} of ${printable(keys)}`;
          // Both are 64 hex digits.
          const isId = (await directory.find(bytes)) !== undefined;
          named.push({ name: `the account ${place}`, ...(isId && { hint: ID_FOR_KEY }) });
        }
        return named;
      });
    },
    files: (missing, levels) => {
      const wanted = absent(missing);
      return {
        files: accounts.map(({ id, hex }) => (wanted.has(hex) ? null : proofPath(proofName(id), levels))),
      };
    },
  };
}

export async function inWitness<T>(
  witness: string,
  work: (directory: WitnessDirectory) => Promise<T>,
): Promise<T> {
  const directory = await WitnessDirectory.open(witness);
  try {
    return await work(directory);
  } finally {
    await directory.close();
  }
}
