import { claimRequested } from './claim-events';
import { deadLetter } from './dead-letter';
import { proofRequested } from './proof-requested';
import { reservesPublished, reservesRead, reservesRequested } from './reserves-events';
import {
  bundleRequested,
  proofStored,
  snapshotIngested,
  snapshotPublished,
  snapshotRequested,
} from './snapshot-events';

/** The services that talk over the bus, each as a user of its own: `solvent-prover`. */
export const BUS_SERVICES = ['gateway', 'ingest', 'prover', 'signer'] as const;
export type BusService = (typeof BUS_SERVICES)[number];

export interface BusAccess {
  /** Topics that it may write to. */
  readonly writes: readonly string[];
  /** Topics that it may read, each as one consumer group. */
  readonly reads: ReadonlyArray<{ readonly topic: string; readonly group: string }>;
}

/**
 * What each service says and hears, and nothing else: what brokers are told to let it do. Whoever hears may also
 * say that a message is dead.
 */
export const BUS_ACCESS: Readonly<Record<BusService, BusAccess>> = {
  gateway: {
    writes: [snapshotRequested.topic, bundleRequested.topic, reservesRequested.topic, claimRequested.topic],
    reads: [],
  },
  ingest: {
    writes: [proofRequested.topic, snapshotIngested.topic, reservesRead.topic, deadLetter.topic],
    reads: [
      { topic: snapshotRequested.topic, group: 'solvent-ingest' },
      { topic: reservesRequested.topic, group: 'solvent-ingest-reserves' },
    ],
  },
  prover: {
    writes: [proofStored.topic, reservesPublished.topic, deadLetter.topic],
    reads: [
      { topic: proofRequested.topic, group: 'solvent-prover' },
      { topic: reservesRead.topic, group: 'solvent-reserves' },
      { topic: claimRequested.topic, group: 'solvent-claims' },
    ],
  },
  signer: {
    writes: [snapshotPublished.topic, deadLetter.topic],
    reads: [
      { topic: proofStored.topic, group: 'solvent-finaliser-stored' },
      { topic: snapshotIngested.topic, group: 'solvent-finaliser-ingested' },
      { topic: bundleRequested.topic, group: 'solvent-sealer' },
    ],
  },
};

/** As brokers know a service. */
export function busUser(service: BusService): string {
  return `solvent-${service}`;
}
