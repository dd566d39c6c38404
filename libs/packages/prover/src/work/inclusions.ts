import {
  encodeClaimFile,
  parseClaim,
  parseVerifyingKey,
  verifyClaim,
  type ClaimVerdict,
  type TrustedClaim,
} from '@solvent-por/claims';
import { concat, SolventError } from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  foldValues,
  headerDigest,
  layoutOf,
  manifestChallenge,
  parseInclusion,
  parseManifest,
  verifyInclusion,
  type InclusionVerdict,
  type Manifest,
} from '@solvent-por/verifier';
import type { ClaimFileMaker } from '../claims/claim-file-maker';
import { ClaimFileMakers } from '../claims/claim-file-makers';
import { foldedColumn } from '../folded-column';
import { InclusionProver, type BatchPlace } from '../inclusion-prover';
import { KeptProvers } from '../kept-provers';
import { headerOrigin } from '../origin';
import { keptOpenings, openingsOf, sharedOpenings, type OpenedBatch } from '../openings/account-openings';
import { plainOpening } from '../openings/plain-opening';
import { byPrefix, sealEntry } from '../sealed/seal-entry';
import { InclusionText } from '../user-proofs/inclusion-text';
import { publishedValues } from '../witness';
import { decodeStoredBatch, type StoredBatch } from '../witness-file';
import { allRows, loadTools, proveRows, type OpeningData } from './opening-tools';

/** Rows of one batch to open. */
export interface InclusionTask {
  readonly manifest: Manifest;
  /** As `encodeStoredBatch` gave it. */
  readonly witness: Uint8Array;
  readonly batch: number;
  readonly place: BatchPlace;
  /** As `cells` gave it; without it what the rows need is made anew. */
  readonly cells?: Uint8Array;
  readonly rows: readonly number[];
}

/** What names a kept batch to a thread: the signature names the whole manifest. */
export interface KeptTask {
  readonly manifest: string;
  readonly batch: number;
  readonly rows: readonly number[];
}

/** Rows of one batch whose claim files are wanted. */
export interface ClaimsTask extends CellsTask {
  /** Roots of all batches' claim trees, in order, 32 bytes each. */
  readonly roots: Uint8Array;
  readonly rows: readonly number[];
}

/** A claim file, and whom it may be handed out to. */
export interface MadeClaimFile {
  /** Canonical. */
  readonly document: Uint8Array;
  /** `claimMark` of the owner's access: 32 bytes. */
  readonly mark: Uint8Array;
}

/** A batch whose cells and subcells are to be opened, once for all its accounts. */
export type CellsTask = Pick<InclusionTask, 'manifest' | 'witness' | 'batch'>;

/** A batch to seal whole, for a sealed bundle. */
export interface SealBatchTask extends CellsTask {
  readonly place: BatchPlace;
  /** Shard prefixes of its accounts, row by row. */
  readonly prefixes: Uint16Array;
}

/** An inclusion file to verify, with what the user brought. */
export interface VerificationTask {
  /** From outside: any bytes. */
  readonly document: Uint8Array;
  /** Bytes of a manifest that the caller trusts. */
  readonly manifest: Uint8Array;
  /** The account key, 32 bytes from the user. */
  readonly key?: Uint8Array;
}

/** The verdict, or why there can be none. */
export type VerificationAnswer = InclusionVerdict | Malformed;

/** A claim to verify, with what its partner asked for. */
export interface ClaimVerificationTask extends Omit<TrustedClaim, 'manifest' | 'verifyingKey'> {
  /** From outside: any bytes. */
  readonly claim: Uint8Array;
  /** Bytes of a manifest that the caller trusts, and of a verifying key whose digest it names. */
  readonly manifest: Uint8Array;
  readonly verifyingKey: Uint8Array;
}

/** The verdict, or why there can be none. */
export type ClaimAnswer = ClaimVerdict | Malformed;

interface Malformed {
  readonly malformed: string;
  readonly code: string;
}

/** Opens rows of batches that come with their tasks, and verifies inclusions and claims. */
export async function start(data: OpeningData) {
  const tools = await loadTools(data);
  const { kernels, committer, opener } = tools;
  const provers = new KeptProvers<InclusionProver>();
  const claims = new ClaimFileMakers();
  const text = new InclusionText();
  const documentsOf = (prover: InclusionProver, rows: readonly number[]): Uint8Array[] =>
    rows.map((row) => text.bytes(prover.prove(row)));

  return {
    async prove(task: InclusionTask): Promise<Uint8Array[]> {
      const { manifest, witness, batch, place, cells, rows } = task;
      const key = cells
        ? keptKey(manifest.signature, batch)
        : `${manifest.signature}/${batch}/${rows.join()}`;
      const prover = provers.get(key, witness.length, () => {
        const opened = open(task);
        const openings = cells ? keptOpenings(opener, opened, cells) : openingsOf(tools, opened, rows);
        return new InclusionProver(manifest, opened.stored, place, openings);
      });
      return documentsOf(prover, rows);
    },

    async proveKept({ manifest, batch, rows }: KeptTask): Promise<Uint8Array[] | undefined> {
      const prover = provers.find(keptKey(manifest, batch));
      return prover && documentsOf(prover, rows);
    },

    async claims(task: ClaimsTask): Promise<MadeClaimFile[]> {
      return filesOf(
        claims.get(task, () => decode(task)),
        task.rows,
      );
    },

    async claimsKept({ manifest, batch, rows }: KeptTask): Promise<MadeClaimFile[] | undefined> {
      const maker = claims.find(manifest, batch);
      return maker && filesOf(maker, rows);
    },

    async cells(task: CellsTask): Promise<Uint8Array> {
      return sharedOpenings(tools, open(task));
    },

    async plain(task: CellsTask & { readonly row: number }): Promise<Uint8Array> {
      const { layout, stored, gamma } = open(task);
      const mark = kernels.mark();
      try {
        const value = foldValues(gamma, publishedValues(layout, stored.accounts, task.row));
        const column = foldedColumn(kernels, layout, stored, gamma);
        return plainOpening(kernels, committer, column, task.row, value);
      } finally {
        kernels.release(mark);
      }
    },

    async seal(task: SealBatchTask): Promise<Uint8Array> {
      const { manifest, place, prefixes } = task;
      const opened = open(task);
      const { count } = opened.stored.accounts;
      refuseOtherPrefixes(prefixes, count, task.batch);
      const inclusions = proveRows(tools, manifest, { opened, place, rows: allRows(count) });
      return concat(...byPrefix(inclusions.map(sealEntry), prefixes));
    },

    async verify({ document, ...given }: VerificationTask): Promise<VerificationAnswer> {
      // What is there but undefined stays there, and is refused below.
      const trusted = { ...given, manifest: parseManifest(given.manifest) };
      // Pairings are those of c-kzg once its set-up is loaded.
      return verdictOn(() => verifyInclusion(parseInclusion(document), trusted, nativeVerifier()));
    },

    async verifyClaim({ claim, ...given }: ClaimVerificationTask): Promise<ClaimAnswer> {
      const [manifest, verifyingKey] = [parseManifest(given.manifest), parseVerifyingKey(given.verifyingKey)];
      return verdictOn(() => verifyClaim(parseClaim(claim), { ...given, manifest, verifyingKey }));
    },
  };
}

function filesOf(maker: ClaimFileMaker, rows: readonly number[]): MadeClaimFile[] {
  return rows.map((row) => ({ document: encodeClaimFile(maker.make(row)), mark: maker.mark(row) }));
}

/** @throws SolventError SEALED_PREFIXES_MISSING (invalid) */
function refuseOtherPrefixes({ length }: Uint16Array, count: number, batch: number): void {
  if (length !== count)
    throw new SolventError(
      'SEALED_PREFIXES_MISSING',
      'invalid',
      `batch ${batch} has ${count} accounts, and ${length} shard prefixes`,
      { batch },
    );
}

function keptKey(signature: string, batch: number): string {
  return `${signature}/${batch}/kept`;
}

function open(task: CellsTask): OpenedBatch {
  const { manifest } = task;
  const { header } = manifest;
  const gamma = manifestChallenge(manifest, headerDigest(header));
  return { layout: layoutOf(header), stored: decode(task), gamma };
}

function decode({ manifest: { header }, witness, batch }: CellsTask): StoredBatch {
  return decodeStoredBatch(witness, layoutOf(header), headerOrigin(header), batch);
}

/** What cannot be read is an answer too, not a failure of the thread. */
function verdictOn<Verdict>(verify: () => Verdict): Verdict | Malformed {
  try {
    return verify();
  } catch (error) {
    if (!(error instanceof SolventError) || error.kind !== 'malformed') throw error;
    return { malformed: error.message, code: error.code };
  }
}
