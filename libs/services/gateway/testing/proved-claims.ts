import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@solvent-por/kzg';
import { isTransient, openDatabase } from '@solvent-por/services/database';
import { InProcessBus, silentLog, silentMeter } from '@solvent-por/services/kit';
import { Prover, silentProverMeter } from '@solvent-por/services/prover';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { provedSnapshot, storeSnapshot, type ProvedSnapshot } from './proved-snapshot';
import { testClaimKeys, type TestClaimKeys } from '../../../dev/proofs/testing/claim-keys';
import { REQUEST_KEY, TestGateway, type TestConfiguration } from './test-gateway';

/** A proved snapshot with a claim tree at a gateway, and a prover that makes claims about it. */
export class ProvedClaims {
  private constructor(
    readonly gateway: TestGateway,
    readonly proved: ProvedSnapshot,
    readonly keys: TestClaimKeys,
    /** Of the keys' files: a copy, which a test may change. */
    readonly folder: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** The set-up takes a minute when it is made first: for tests of the claims' kind. */
  static async start(snapshot: string, configuration: TestConfiguration = {}): Promise<ProvedClaims> {
    const keys = await testClaimKeys(2);
    const folder = await mkdtemp(join(tmpdir(), 'solvent-claim-keys-'));
    await cp(keys.folder, folder, { recursive: true });
    const claimKeys = [toHex(keys.verifyingKey.digest)];
    const proved = await provedSnapshot(snapshot, { accounts: 5, claimKeys });
    const gateway = await TestGateway.start({
      ...{ claimKeys: folder, claimDevelopment: true, claimProving: true, claimSeconds: 50 },
      ...configuration,
    });
    await storeSnapshot(gateway.database, gateway.keyring, proved);
    const database = openDatabase(gateway.as('prover'));
    const bus = new InProcessBus({ isTransient, log: silentLog, meter: silentMeter });
    gateway.onPublish = (contract, message) => bus.publish(contract, message);
    const prover = new Prover({
      ...{ database, bus, keyring: gateway.keyring, requestKey: REQUEST_KEY, workers: 1, volatileBus: true },
      ...{ keys: deriveKeys(new Uint8Array(32).fill(7)), meter: silentProverMeter, log: silentLog },
      claimKeyFolder: folder,
    });
    await prover.start();
    return new ProvedClaims(gateway, proved, keys, folder, async () => {
      await Promise.all([bus.close(), prover.stop()]);
      await gateway.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    });
  }

  stop(): Promise<void> {
    return this.end();
  }
}
