import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hexBytes } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import type { Database, StoredTreeNode, WitnessKeyring } from '@solvent-por/services/database';
import {
  ProofStore,
  sealDigests,
  SnapshotRepository,
  type FileDigests,
} from '@solvent-por/services/database';
import { encodePrefixes, OUTPUT, proveSnapshot, WitnessDirectory } from '@solvent-por/prover';
import {
  ACCOUNT_ROWS,
  encodedSum,
  headerDigest,
  layoutOf,
  leafNode,
  manifestDigest,
  parentNode,
  parseProofLine,
  shardPrefix,
  unsummedBytes,
  type Header,
  type Manifest,
  type SumNode,
} from '@solvent-por/verifier';
import type { SnapshotConfig } from '@solvent-por/snapshot';
import {
  TEST_KEYS,
  testAccounts,
  testHeader,
  toBatches,
  withClaimMarks,
  type TestAccount,
} from '@solvent-por/dev/proofs';
import { sharedFolder } from '@solvent-por/dev/servers';
import { REQUEST_KEY } from './test-gateway';

/** A snapshot that the CLI's own prover wrote into a folder. */
export interface ProvedSnapshot {
  readonly header: Header;
  readonly accounts: readonly TestAccount[];
  readonly manifest: Manifest;
  /** Bytes of manifest.json and global-proof.ndjson. */
  readonly document: Buffer;
  readonly file: Buffer;
  /** The folder `witness`. */
  readonly witness: string;
}

/** Three batches, in two proofs. */
const ACCOUNTS = 8161;

/** Proved once a run of jest, whichever test needs it first. */
export async function provedSnapshot(
  name: string,
  options: {
    readonly takenAt?: string;
    readonly accounts?: number;
    readonly previous?: Manifest;
    /** Digests of verifying keys: with them it gets a claim tree. */
    readonly claimKeys?: readonly string[];
  } = {},
): Promise<ProvedSnapshot> {
  const { takenAt = '2026-10-31T00:00:00Z', accounts: count = ACCOUNTS, previous, claimKeys } = options;
  const header: Header = { ...testHeader('spot', 2, 2), snapshot: name, takenAt };
  const accounts = testAccounts(header, count, name);
  const batches = toBatches(accounts);
  const directory = await sharedFolder(`gateway-${name}`, async (folder) => {
    await proveSnapshot({
      header,
      keys: TEST_KEYS,
      ...(previous && { previous }),
      ...(claimKeys && { claimKeys }),
      accounts: count,
      sourceDigest: `0x${'5'.repeat(64)}`,
      configDigest: `0x${'6'.repeat(64)}`,
      batches: each(claimKeys ? withClaimMarks(header, accounts, batches) : batches),
      directory: folder,
      workers: 2,
    });
  });
  const witness = join(directory, OUTPUT.witness);
  const opened = await WitnessDirectory.open(witness);
  await opened.close();
  return {
    header,
    accounts,
    manifest: opened.manifest,
    document: await readFile(join(directory, OUTPUT.manifest)),
    file: await readFile(join(directory, OUTPUT.globalProof)),
    witness,
  };
}

/** The configuration that leads to a header. */
export function configOf({ snapshot, takenAt, operator, assets }: Header): SnapshotConfig {
  return {
    mode: 'spot',
    snapshot,
    takenAt,
    operator,
    assets: [...assets] as never,
    accountIds: 'hashed',
    ignoreColumns: [],
    ignoreFiles: [],
  };
}

/** Takes a proved snapshot through the tables, as ingest and provers do, up to a state. */
export async function storeSnapshot(
  database: Database,
  keyring: WitnessKeyring,
  proved: ProvedSnapshot,
  upTo: 'PROVING' | 'PUBLISHED' = 'PUBLISHED',
): Promise<void> {
  const { header, manifest, accounts } = proved;
  const snapshots = new SnapshotRepository(database);
  const { snapshot } = await snapshots.request(
    {
      config: configOf(header),
      header,
      source: 'balances',
      requestedBy: null,
    },
    REQUEST_KEY,
  );
  const run = { snapshotId: snapshot.id, attempt: snapshot.attempt };
  await snapshots.beginIngest(run);
  await snapshots.recordPlan(
    run,
    {
      sourceDigest: `0x${'5'.repeat(64)}`,
      accounts: accounts.length,
      batchesPerProof: 2,
      batchCount: manifest.batchCount,
    },
    REQUEST_KEY,
  );
  await snapshots.finishIngest(run);
  const leaves = await storeProofs(new ProofStore(database, keyring), run, proved);
  if (upTo === 'PROVING') return;
  const nodes: StoredTreeNode[] = [];
  collectNodes(leaves, 0, nodes);
  const published = await snapshots.publish(run, {
    manifest: proved.document,
    manifestDigest: manifestDigest(manifest),
    previousDigest: manifest.previous === null ? null : Buffer.from(manifest.previous.slice(2), 'hex'),
    digests: sealDigests(keyring, run, digestsOf(proved)),
    nodes,
    ...(manifest.claimRoot !== null && { claimRoots: await claimRootsOf(proved) }),
  });
  if (!published) throw new Error(`${header.snapshot} was not published`);
}

/** @returns the leaves of the sum tree */
async function storeProofs(
  store: ProofStore,
  run: { readonly snapshotId: string; readonly attempt: number },
  { header, accounts, file, witness }: ProvedSnapshot,
): Promise<SumNode[]> {
  const [layout, digest] = [layoutOf(header), headerDigest(header)];
  const operator = hexBytes(header.operator, 32);
  const directory = await WitnessDirectory.open(witness);
  const leaves: SumNode[] = [];
  const [, ...lines] = file.toString('latin1').trimEnd().split('\n');
  for (const text of lines) {
    const proof = parseProofLine(new Uint8Array(Buffer.from(text, 'latin1')), layout);
    const { first } = proof;
    nativeVerifier()
      .decodePoints(proof.sums)
      .forEach((sum, i) => leaves.push(leafNode(digest, first + i, proof.accounts[i]!, sum)));
    const batches = proof.sums.map(async (_, i) => ({
      batch: first + i,
      accounts: (await directory.readBatch(first + i)).accounts,
      shardPrefixes: encodePrefixes(
        Uint16Array.from(accountsOf(accounts, first + i), ({ key }) => shardPrefix(operator, key)),
      ),
      witness: new Uint8Array(
        await readFile(join(witness, `batch-${String(first + i).padStart(5, '0')}.bin`)),
      ),
    }));
    await store.store(run, {
      first,
      proof: unsummedBytes(proof),
      seconds: 1,
      batches: await Promise.all(batches),
    });
  }
  await directory.close();
  return leaves;
}

/** Roots of the batches' claim trees. */
async function claimRootsOf({ witness, manifest }: ProvedSnapshot): Promise<Uint8Array[]> {
  const directory = await WitnessDirectory.open(witness);
  const roots: Uint8Array[] = [];
  for (let batch = 0; batch < manifest.batchCount; batch++)
    roots.push((await directory.readBatch(batch)).claims!.root);
  await directory.close();
  return roots;
}

/** Of the CLI's own files. */
function digestsOf({ document, file }: ProvedSnapshot): FileDigests {
  const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest();
  const [, ...lines] = file.toString('latin1').trimEnd().split('\n');
  return { manifest: sha256(document), lines: lines.map(sha256) };
}

/** Those of a batch, in the order of its rows. */
function accountsOf(accounts: readonly TestAccount[], batch: number): readonly TestAccount[] {
  return accounts.slice(ACCOUNT_ROWS * batch, ACCOUNT_ROWS * (batch + 1));
}

/** Every node of the tree above these leaves, themselves included. */
function collectNodes(leaves: readonly SumNode[], start: number, nodes: StoredTreeNode[]): SumNode {
  let split = 1;
  while (2 * split < leaves.length) split *= 2;
  const node =
    leaves.length === 1
      ? leaves[0]!
      : parentNode(
          collectNodes(leaves.slice(0, split), start, nodes),
          collectNodes(leaves.slice(split), start + split, nodes),
        );
  nodes.push({ start, size: leaves.length, hash: node.hash, sum: encodedSum(node) });
  return node;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
