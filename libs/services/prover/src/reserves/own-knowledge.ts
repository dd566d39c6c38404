import { createHash } from 'node:crypto';
import { SolventError, toHex } from '@solvent-por/kzg';
import {
  readKnownCoins,
  readKnownContracts,
  type ContractKind,
  type KnownCoins,
} from '@solvent-por/reserves';
import { canonicalJson } from '@solvent-por/verifier';

/** Coins, tokens and contracts that the operator vouches for, beside those built in. */
export interface OwnKnowledge {
  /** Parsed JSON, as `--tokens` of `solvent verify-reserves` takes it. */
  readonly tokens: unknown;
  readonly coins: KnownCoins;
  readonly contracts: ReadonlyMap<string, ContractKind>;
  /** SHA-256 of the JCS form of both: the same in all provers. */
  readonly digest: Uint8Array;
  /** What a report says of them. */
  readonly notes: readonly string[];
}

/** @throws SolventError KNOWN_MALFORMED, NETWORK_UNKNOWN, ADDRESS_MALFORMED (malformed) */
export function ownKnowledge(tokens: unknown = {}, contracts: unknown = {}): OwnKnowledge {
  const files = { tokens, contracts };
  return {
    tokens,
    coins: readKnownCoins(tokens),
    contracts: readKnownContracts(contracts),
    digest: sha256(files),
    notes: Object.entries(files)
      .filter(([, value]) => Object.keys(value as object).length > 0)
      .map(([what, value]) => `${what} of the operator's own: SHA-256 ${toHex(sha256(value))}`),
  };
}

/**
 * All parts of a publication are judged by the same.
 * @param known what the first prover fixed
 * @throws SolventError KNOWN_DIFFERS (internal: a prover that knows the same may go on)
 */
export function checkKnown(known: Uint8Array | null, { digest }: Pick<OwnKnowledge, 'digest'>): void {
  if (known && Buffer.from(digest).equals(known)) return;
  throw new SolventError(
    'KNOWN_DIFFERS',
    'internal',
    'provers know different tokens or contracts: give all of them the same SOLVENT_TOKENS_FILE and SOLVENT_CONTRACTS_FILE, then request the reserves again',
  );
}

function sha256(value: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(value)).digest();
}
