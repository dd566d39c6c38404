import { SolventError } from '@solvent-por/kzg';
import type { FinalisedInThread, FinalisingThread } from './finalise-in-thread';
import type { FixedSnapshot } from './snapshot-finaliser';
import type { BatchToFinalise } from './work/finalise';

/**
 * Where every proof of a snapshot and every batch's witness are kept, in a folder or a database; all of it is
 * gone through twice.
 */
export interface ProvedSource {
  /** In the order of their batches, as `unsummedBytes` gave them. */
  proofs(): AsyncIterable<Uint8Array>;
  /** In order; a batch is asked for after the proof that covers it. */
  witnesses(): AsyncGenerator<BatchToFinalise, void, void>;
}

export interface SumUpOptions {
  /** Of the snapshot's header; it is ended here. */
  readonly thread: FinalisingThread;
  readonly source: ProvedSource;
  /** What γ depends on stands: before the rest of the work is the time to refuse it. */
  readonly onFixed: (fixed: FixedSnapshot) => void;
  /** Gets what `summedLine` puts behind each proof, in order. */
  readonly onSums?: (sums: readonly Uint8Array[]) => void;
  /** Has a pass done, where somebody wants to know how long it takes. */
  readonly during?: (pass: 'fix' | 'sum', work: () => Promise<void>) => Promise<void>;
  /** Ends it between two batches. */
  readonly signal?: AbortSignal;
}

/**
 * Sums a proved snapshot up in two passes, batch by batch: what is held does not grow with the snapshot, but
 * for the tree.
 *
 * @throws what FinalisingThread and the source throw, the signal's reason; SolventError FINALISE_INCOMPLETE
 *   (internal) where a witness is missing
 */
export async function sumUp(options: SumUpOptions): Promise<FinalisedInThread> {
  const { thread, onFixed, onSums, during = (_, work) => work() } = options;
  try {
    await during('fix', () =>
      pass(options, {
        proof: (proof) => thread.addProof(proof),
        batch: (batch) => thread.addTotals(batch),
      }),
    );
    onFixed(await thread.fix());
    await during('sum', () =>
      pass(options, {
        async proof(proof) {
          const sums = await thread.sumProof(proof);
          onSums?.(sums);
          return sums.length;
        },
        batch: (batch) => thread.addWitness(batch),
      }),
    );
    return await thread.finish();
  } finally {
    await thread.end();
  }
}

/** Every proof, and after it its batches, in order. */
async function pass(
  { source, signal }: SumUpOptions,
  add: {
    /** @returns how many batches it covers */
    readonly proof: (proof: Uint8Array) => Promise<number>;
    readonly batch: (batch: BatchToFinalise) => Promise<void>;
  },
): Promise<void> {
  const witnesses = source.witnesses();
  try {
    for await (const proof of source.proofs()) {
      const batches = await add.proof(proof);
      for (let i = 0; i < batches; i++) {
        signal?.throwIfAborted();
        const { value: stored } = await witnesses.next();
        if (!stored)
          throw new SolventError(
            'FINALISE_INCOMPLETE',
            'internal',
            'the witness of a batch is missing: request the snapshot again',
          );
        await add.batch(stored);
      }
    }
  } finally {
    await witnesses.return();
  }
}
