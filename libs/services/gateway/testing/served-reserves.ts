import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import { operatorKeyOf } from '@solvent-por/prover';
import { manifestDigest } from '@solvent-por/verifier';
import { TEST_KEYS } from '@solvent-por/dev/proofs';
import { isTransient, openDatabase } from '@solvent-por/services/database';
import { IngestMetrics, IngestService } from '@solvent-por/services/ingest';
import { InProcessBus, silentLog, silentMeter } from '@solvent-por/services/kit';
import { ReservesProver, silentReservesMeter } from '@solvent-por/services/prover';
import { Registry } from 'prom-client';
import {
  boundPublication,
  type BoundPublication,
  type Wanted,
} from '../../../packages/reserves/testing/bound-publication';
import { ethereumNode, judgeHere } from '../../prover/testing/reserves-harness';
import type { ProvedSnapshot } from './proved-snapshot';
import { REQUEST_KEY, type TestGateway } from './test-gateway';

/** A publication of so many lines that is bound to a snapshot's manifest. */
export function publicationOf(
  { header, manifest }: ProvedSnapshot,
  wanted: Partial<Wanted> = {},
): BoundPublication {
  const bound = { header, manifest: toHex(manifestDigest(manifest)), signing: TEST_KEYS.signing };
  return boundPublication({ ...bound, lines: 30, ...wanted });
}

/** Ingest and a prover of reserves behind a gateway, each with the rights of its role. */
export class ReservesServices {
  private constructor(
    readonly sourceDirectory: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param linesAPart about as many */
  static async start(harness: TestGateway, linesAPart = 7): Promise<ReservesServices> {
    const sourceDirectory = mkdtempSync(join(tmpdir(), 'solvent-reserves-'));
    const bus = new InProcessBus({ isTransient, log: silentLog, meter: silentMeter });
    harness.onPublish = (contract, message) => bus.publish(contract, message);
    const [forIngest, forProver] = [openDatabase(harness.as('ingest')), openDatabase(harness.as('prover'))];
    const shared = { bus, keyring: harness.keyring, requestKey: REQUEST_KEY, log: silentLog, sweepEvery: 50 };
    const operator = toHex(operatorKeyOf(TEST_KEYS.signing));
    const keys = { operator, placement: new Uint8Array(32) };
    const ingest = new IngestService({
      ...{ ...shared, keys, sourceDirectory, database: forIngest, expectedWorkers: 1 },
      ...{ meter: new IngestMetrics(new Registry()), reservesPartBytes: 380 * linesAPart },
    });
    const prover = new ReservesProver({
      ...{ ...shared, keys, database: forProver, workers: 1, meter: silentReservesMeter },
      ...{ nodes: ethereumNode(), openJudge: judgeHere },
    });
    await prover.start();
    await ingest.start();
    return new ReservesServices(sourceDirectory, async () => {
      await Promise.all([bus.close(), ingest.stop(), prover.stop()]);
      await Promise.all([forIngest.close(), forProver.close()]);
      rmSync(sourceDirectory, { recursive: true, force: true });
    });
  }

  /** Lays the two files into a folder below ingest's sources. */
  put(folder: string, { reserves, addresses }: Pick<BoundPublication, 'reserves' | 'addresses'>): void {
    mkdirSync(join(this.sourceDirectory, folder), { recursive: true });
    writeFileSync(join(this.sourceDirectory, folder, 'reserves.json'), reserves);
    writeFileSync(join(this.sourceDirectory, folder, 'reserve-addresses.ndjson'), addresses);
  }

  stop(): Promise<void> {
    return this.end();
  }
}
