import { fields, flag, integer, list, nullable, number, oneOf, text, type Read, type Shape } from './shape';

/** A published value: of one account, or a total over all. */
export const amount = fields({
  symbol: text,
  side: oneOf('EQUITY', 'DEBT', 'POOL'),
  /** Of side POOL: the pool, whose amount is a part of the asset's equity. */
  pool: nullable(text),
  /** Decimal places of the smallest unit. */
  scale: integer,
  /** In smallest units: an integer as a decimal string. */
  amount: text,
  /** In whole tokens: a decimal string with `scale` places. */
  display: text,
});
export type Amount = Read<typeof amount>;

/** A page of a list, which the client walks through. */
function page<T>(node: Shape<T>) {
  return fields({
    nodes: list(node),
    pageInfo: fields({ endCursor: nullable(text), hasNextPage: flag }),
  });
}

/** What the operator publishes and signs of a snapshot. */
export const manifest = fields({
  snapshot: text,
  takenAt: text,
  /** Ed25519 public key that signed it: 0x and 64 hex digits. */
  operator: text,
  batchCount: integer,
  totals: list(amount),
  /** Digest of the manifest before; null for the first. */
  previous: nullable(text),
  /**
   * The key that signed the one before, where that is another: then the chain is one under a new key, and whether
   * both are of one operator only the operator can say, in public.
   */
  formerOperator: nullable(text),
  digest: text,
  /** The whole document, byte for byte: what the digest and the signature are of. */
  document: text,
  url: text,
});
export type PublishedManifest = Read<typeof manifest>;
export const manifestPage = page(manifest);
export type ManifestPage = Read<typeof manifestPage>;

const state = oneOf('REQUESTED', 'INGESTING', 'PROVING', 'PUBLISHED', 'FAILED');
export type SnapshotState = Read<typeof state>;

/** Everybody's proofs as static files, of which each user can open their own with the account key alone. */
export const sealedBundle = fields({
  /** Files are served when it is SEALED. */
  state: oneOf('REQUESTED', 'SEALING', 'SEALED', 'FAILED'),
  /** The address below which they are: what `solvent verify-user --bundle` takes. */
  url: nullable(text),
  requestedAt: text,
  sealedAt: nullable(text),
  batches: integer,
  /** Batches whose entries are made. */
  batchesSealed: integer,
  /** Null until accounts were counted. */
  shards: nullable(integer),
  shardsWritten: integer,
  failure: nullable(fields({ code: text, message: text })),
});
export type SealedBundle = Read<typeof sealedBundle>;

/** Why a snapshot failed. */
export const snapshotFailure = fields({
  code: text,
  message: text,
  /** Where balances are at fault: the name of the file, and the record in it, from 1. */
  file: nullable(text),
  row: nullable(integer),
});
export type SnapshotFailure = Read<typeof snapshotFailure>;

const ofSnapshot = {
  id: text,
  state,
  /** UTC, YYYY-MM-DDTHH:MM:SSZ. */
  takenAt: text,
  mode: text,
  unit: nullable(text),
  operator: text,
  publishedAt: nullable(text),
  /** Once it is published. */
  totals: nullable(list(amount)),
  manifest: nullable(fields({ digest: text })),
  /** For operators; null for others. */
  progress: nullable(
    fields({
      /** Batches there will be; null until ingest has counted. */
      batches: nullable(integer),
      batchesProved: integer,
      proofs: integer,
      failure: nullable(snapshotFailure),
    }),
  ),
  /** Whether inclusion proofs were dropped after their time. */
  privateDataDropped: flag,
};
export const snapshot = fields(ofSnapshot);
export type Snapshot = Read<typeof snapshot>;

/** One that was asked for by name. */
export const namedSnapshot = fields({
  ...ofSnapshot,
  /** Once it is SEALED; for operators also before. */
  sealedBundle: nullable(sealedBundle),
});
export type NamedSnapshot = Read<typeof namedSnapshot>;
export const snapshotPage = page(snapshot);
export type SnapshotPage = Read<typeof snapshotPage>;

/** One way in which a snapshot shows less than the one before it. */
export const loss = fields({
  /**
   * MODE_WEAKER, ASSET_DROPPED, SCALE_COARSER, HAIRCUTS_DROPPED, HAIRCUT_SMALLER, POOLS_DROPPED,
   * MONTHS_SKIPPED, CLAIMS_DROPPED.
   */
  code: text,
  /** For people. */
  message: text,
  /** Of which asset, where it is of one. */
  symbol: nullable(text),
  /** HAIRCUT_SMALLER: in which pool, where it is in one. */
  pool: nullable(text),
  /** POOLS_DROPPED: which. */
  pools: nullable(list(text)),
  /** Modes of MODE_WEAKER, decimals of SCALE_COARSER. */
  before: nullable(text),
  after: nullable(text),
  /** MONTHS_SKIPPED: first and last, YYYY-MM, and how many. */
  first: nullable(text),
  last: nullable(text),
  count: nullable(integer),
});
export type Loss = Read<typeof loss>;

/** How far a snapshot is, as the subscription `snapshotProgress` tells it. */
export const snapshotProgress = fields({
  snapshotId: text,
  state,
  batches: nullable(integer),
  batchesProved: integer,
  proofs: integer,
  failure: nullable(snapshotFailure),
});
export type SnapshotProgress = Read<typeof snapshotProgress>;

/** What ingest saw last in its source folder. */
export const offeredSources = fields({
  /** The latest first. */
  sources: list(fields({ path: text, files: integer, bytes: number, modifiedAt: text })),
  /** Whether there are more, which can be requested by their path. */
  more: flag,
  /** When ingest looked; null: not yet. */
  readAt: nullable(text),
});
export type OfferedSources = Read<typeof offeredSources>;

export const snapshotLosses = fields({
  manifest: nullable(fields({ lessThanPrevious: nullable(list(loss)) })),
});
export type SnapshotLosses = Read<typeof snapshotLosses>;

export const snapshotBundle = fields({ sealedBundle: nullable(sealedBundle) });
export type SnapshotBundle = Read<typeof snapshotBundle>;

export const requestedBundle = fields({
  bundle: sealedBundle,
  /** False when it had been asked for before, and has not failed. */
  created: flag,
});
export type RequestedBundle = Read<typeof requestedBundle>;

export const requestedSnapshot = fields({
  snapshot,
  /** False when the same request had been made before. */
  created: flag,
});
export type RequestedSnapshot = Read<typeof requestedSnapshot>;

/**
 * That an account with these values is in a snapshot. It belongs to its manifest, and is nothing without it.
 * It shows one balance: for its owner alone.
 */
export const inclusionProof = fields({
  manifest: fields({
    digest: text,
    /** The whole document, byte for byte. */
    document: text,
  }),
  snapshot: text,
  takenAt: text,
  batch: integer,
  row: integer,
  accountId: text,
  /** What the account holds and owes. */
  values: list(amount),
  /** The whole proof: the file that `solvent verify-user` takes, byte for byte. */
  document: text,
  /** SHA-256 of the document. */
  documentDigest: text,
});
export type InclusionProof = Read<typeof inclusionProof>;

/**
 * What an account's owner makes private claims with. Whoever has it can make claims in the account's name: for
 * its owner alone.
 */
export const claimFile = fields({
  manifest: fields({
    digest: text,
    /** The whole document, byte for byte. */
    document: text,
  }),
  snapshot: text,
  takenAt: text,
  /** The whole file, byte for byte: what `parseClaimFile` of the claims package takes. */
  document: text,
  /** SHA-256 of the document. */
  documentDigest: text,
});
export type ClaimFile = Read<typeof claimFile>;

/** One EIP-4844 point evaluation in place of the three openings of an inclusion proof. */
export const plainOpening = fields({
  batch: integer,
  row: integer,
  /** Commitment to the batch's folded sums: a 48-byte point in hex. */
  sum: text,
  opening: text,
});
export type PlainOpening = Read<typeof plainOpening>;

/** What a verification looked at, or could not look at; `code` is for programs, `message` for people. */
export const finding = fields({ code: text, message: text });
/** One of a verification. Its codes are the verifier's `FindingCode`, and more may be added. */
export type VerificationFinding = Read<typeof finding>;

export const inclusionVerification = fields({
  valid: flag,
  /** Why it is not valid, for programs and for people. */
  code: nullable(text),
  reason: nullable(text),
  /** Whether the id in it was compared with the one given. */
  idChecked: flag,
  /** What was looked at, and what could not be. */
  checked: list(finding),
  notChecked: list(finding),
  snapshot: nullable(text),
  takenAt: nullable(text),
  /** Of the manifest, published by the service, that it was verified against. */
  manifestDigest: nullable(text),
  /** Of a valid proof. */
  values: nullable(list(amount)),
});
export type InclusionVerification = Read<typeof inclusionVerification>;

export const globalProof = fields({
  snapshot: text,
  manifest,
  /** Lines of the file after the manifest. */
  proofs: integer,
  /** global-proof.ndjson: the file that `solvent verify-global` takes. */
  downloadUrl: text,
  /** Length of the file, an integer. */
  bytes: number,
});
export type GlobalProof = Read<typeof globalProof>;

/** The server's own check of a global proof: no substitute for one's own. */
export const globalVerification = fields({
  snapshot: text,
  state: oneOf('RUNNING', 'FINISHED', 'BROKEN_OFF'),
  startedAt: text,
  finishedAt: nullable(text),
  batchesDone: integer,
  batchCount: integer,
  /** Null until it is finished. */
  valid: nullable(flag),
  code: nullable(text),
  reason: nullable(text),
  /** What was looked at, and what could not be. */
  checked: list(finding),
  notChecked: list(finding),
});
export type GlobalVerification = Read<typeof globalVerification>;

export const createdApiKey = fields({
  id: text,
  /** The key, shown this once. */
  key: text,
});
export type CreatedApiKey = Read<typeof createdApiKey>;

export const health = fields({
  /** Whether every check holds. */
  ready: flag,
  version: text,
  checks: list(fields({ name: text, ok: flag })),
});
export type Health = Read<typeof health>;
