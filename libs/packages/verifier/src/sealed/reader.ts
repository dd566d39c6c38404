import { equalBytes, hexBytes, SolventError, utf8, type KzgVerifier } from '@solvent-por/kzg';
import { sha256 } from '@noble/hashes/sha2.js';
import { accountId, KEY_BYTES } from '../account';
import { canonicalJson } from '../canonical';
import { joinFindings, type Findings } from '../findings';
import { headerDigest } from '../header';
import { inclusionToJson, parseInclusion, type Inclusion } from '../inclusion';
import { verifyInclusion } from '../inclusion-verifier';
import { sizeOf } from '../layout';
import { manifestDigest, type Manifest } from '../manifest';
import { Trusted } from '../trusted';
import { invalid, valid, type Invalid, type Valid } from '../verdict';
import { entryKey, entryTag, shardNumber, shardPrefix } from './account';
import { decodeEntry, openEntry, type SealedAccount } from './entry';
import {
  MAX_SEALED_INDEX_BYTES,
  parseSealedIndex,
  verifySealedIndex,
  type SealedIndex,
} from './sealed-index';
import { shardBytes } from './shape';
import { Shard, shardFile } from './shard';
import { placeInTree, treeFileBytes } from './tree-file';

/** Names of a bundle's files beside its shards. */
export const SEALED = { index: 'index.json', tree: 'tree.bin', manifest: 'manifest.json' } as const;

/**
 * Where a bundle's files come from: a folder, a file host.
 * @param name `index.json`, `tree.bin`, `shards/03ff.bin`
 * @param limit no more of it is of use: of a longer file, its first limit + 1 bytes are enough
 * @returns undefined where there is no such file; throws where it can't be told (no connection, say)
 */
export type SealedSource = (name: string, limit: number) => Promise<Uint8Array | undefined>;

/** What a bundle is compared with: none of it may come from its host unverified. */
export interface TrustedSealed {
  /**
   * The manifest whose signature and global proof the caller, or someone they trust, verified (section 11).
   */
  readonly manifest: Manifest;
  /** The user's account key, 32 bytes. It leaves this machine in no request. */
  readonly key: Uint8Array;
}

/** What was found, as section 15 tells it apart. */
export type SealedVerdict = SealedOutcome & {
  /**
   * Of the shard numbers of this bundle, wherever a shard was asked for, and so its host could learn
   * something: see `hostView`.
   */
  readonly bits?: number;
};

type SealedOutcome =
  | (Valid & {
      readonly outcome: 'included';
      readonly inclusion: Inclusion;
      /** The inclusion file of section 9, byte for byte as the operator would hand it out. */
      readonly document: Uint8Array;
    })
  /** The bundle, as it came, is not what the operator published: another copy of it may be whole. */
  | (Invalid & { readonly outcome: 'damaged'; readonly file: string })
  /** The operator has signed that no account with this key is in the bundle. */
  | (Invalid & { readonly outcome: 'absent' })
  /** What the operator published is wrong, or is not theirs. */
  | (Invalid & { readonly outcome: 'invalid' });

/** A refusal on the way to a verdict. */
class Refused {
  constructor(readonly verdict: Exclude<SealedOutcome, Valid>) {}
}

/**
 * Looks an account up in a sealed bundle (section 15): reads index.json, tree.bin and one shard, all whole
 * and bounded, believes nothing that is not signed, builds the account's inclusion file and verifies that.
 * The shard is asked for only when the index is the operator's and of the rule's shape; see `hostView` for
 * what the host could learn.
 *
 * @returns codes: damaged SEALED_FILE_MISSING, SEALED_FILE_LENGTH, SEALED_TREE_DIGEST, SEALED_SHARD_PATH,
 *   SEALED_SHARD_ORDER, SEALED_ENTRY_UNREADABLE;
 *   absent SEALED_ABSENT; invalid SEALED_INDEX_*, or those of verifyInclusion and of the members of an
 * inclusion that are out of bounds
 * @throws SolventError SEALED_INDEX_MALFORMED | DOCUMENT_* (malformed): index.json is not of its form;
 *   TRUSTED_MALFORMED (usage); whatever the source throws
 */
export async function readSealedBundle(
  source: SealedSource,
  trusted: TrustedSealed,
  kzg: KzgVerifier,
): Promise<SealedVerdict> {
  const given = new Trusted(trusted, 'trusted', ['manifest', 'key']);
  const manifest = given.required('manifest', given.manifest('manifest'));
  const key = given.required('key', given.bytes('key', KEY_BYTES));
  let asked: { readonly bits: number } | undefined;
  try {
    const { index, findings } = await readIndex(source, manifest);
    const tree = await readTree(source, index, manifest);
    asked = { bits: index.bits };
    const account = await findAccount(source, index, { manifest, key });
    const verdict = verifyAccount(account, tree, { manifest, key }, kzg);
    return verdict.valid
      ? { ...verdict, ...joinFindings(verdict, findings), ...asked }
      : { ...verdict, ...asked };
  } catch (error) {
    if (error instanceof Refused) return { ...error.verdict, ...asked };
    throw error;
  }
}

async function readIndex(
  source: SealedSource,
  manifest: Manifest,
): Promise<{ readonly index: SealedIndex; readonly findings: Findings }> {
  const bytes = (await source(SEALED.index, MAX_SEALED_INDEX_BYTES)) ?? missing(SEALED.index);
  const index = parseSealedIndex(bytes);
  const verdict = verifySealedIndex(index, manifest);
  if (!verdict.valid) throw new Refused({ ...verdict, outcome: 'invalid' });
  return { index, findings: verdict };
}

async function readTree(
  source: SealedSource,
  { tree }: SealedIndex,
  { batchCount }: Manifest,
): Promise<Uint8Array> {
  const bytes = await readWhole(source, SEALED.tree, treeFileBytes(batchCount));
  if (!equalBytes(sha256(bytes), hexBytes(tree, 32)))
    damaged('SEALED_TREE_DIGEST', SEALED.tree, 'has another digest than its index says');
  return bytes;
}

/** What the entry of an account seals. */
async function findAccount(
  source: SealedSource,
  index: SealedIndex,
  { manifest, key }: TrustedSealed,
): Promise<SealedAccount> {
  const { header } = manifest;
  const { published } = sizeOf(header);
  const digest = manifestDigest(manifest);
  const number = shardNumber(shardPrefix(hexBytes(header.operator, 32), key), index.bits);
  const file = shardFile(number);
  const bytes = await readWhole(source, file, shardBytes(index, published));
  const shard = new Shard(number, bytes, index, published);
  if (!shard.leadsTo(hexBytes(index.shards, 32), digest))
    damaged('SEALED_SHARD_PATH', file, 'does not lead to the root of shards that its index says');
  if (!shard.ascends()) damaged('SEALED_SHARD_ORDER', file, 'has tags that do not ascend');
  const id = accountId(headerDigest(header), key);
  const entry = shard.find(entryTag(digest, id));
  if (!entry)
    throw new Refused({
      ...invalid(
        'SEALED_ABSENT',
        `no account with this key is in the bundle of snapshot ${header.snapshot} (${header.takenAt}), and the operator has signed that it is all there is: check the key and the snapshot; if both are right, ask the operator why your account is not counted`,
      ),
      outcome: 'absent',
    });
  const plain = openEntry(entry, entryKey(digest, id));
  if (!plain)
    return damaged('SEALED_ENTRY_UNREADABLE', file, 'has an entry of this account that does not open');
  return decodeEntry(plain, published);
}

function verifyAccount(
  account: SealedAccount,
  tree: Uint8Array,
  { manifest, key }: TrustedSealed,
  kzg: KzgVerifier,
): SealedOutcome {
  const { header, batchCount } = manifest;
  const { batch } = account;
  if (batch >= batchCount)
    return {
      ...invalid('INCLUSION_BATCH', `batch ${batch} is not in a snapshot of ${batchCount}`),
      outcome: 'invalid',
    };
  const document = utf8(
    canonicalJson(
      inclusionToJson({
        ...account,
        ...placeInTree(tree, batch, batchCount),
        manifest: manifestDigest(manifest),
        id: accountId(headerDigest(header), key),
      }),
    ),
  );
  try {
    const inclusion = parseInclusion(document);
    const verdict = verifyInclusion(inclusion, { manifest, key }, kzg);
    if (!verdict.valid) return { ...verdict, outcome: 'invalid' };
    return { ...valid(verdict), outcome: 'included', inclusion, document };
  } catch (error) {
    // It opened, so the operator sealed it so: no file of theirs can be right that has a number out of
    // bounds, or a point that is none.
    if (!(error instanceof SolventError) || error.kind !== 'malformed') throw error;
    return { ...invalid(error.code, error.message), outcome: 'invalid' };
  }
}

async function readWhole(source: SealedSource, file: string, length: number): Promise<Uint8Array> {
  const bytes = (await source(file, length)) ?? missing(file);
  if (bytes.length !== length) {
    const found = bytes.length > length ? 'more' : `${bytes.length}`;
    damaged('SEALED_FILE_LENGTH', file, `must have ${length} bytes, it has ${found}`);
  }
  return bytes;
}

function missing(file: string): never {
  return damaged('SEALED_FILE_MISSING', file, 'is missing');
}

function damaged(code: string, file: string, problem: string): never {
  const reason = `the bundle is damaged: ${file} ${problem}; take it from another host, or tell its operator`;
  throw new Refused({ ...invalid(code, reason), outcome: 'damaged', file });
}
