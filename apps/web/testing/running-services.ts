import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexBytes } from '@solvent-por/kzg';
import { deriveKeys } from '@solvent-por/snapshot/readers';
import { testClaimKeys } from '../../../libs/dev/proofs/testing/claim-keys';

const PROGRAM = join(__dirname, '../../../dist/services/embedded.cjs');

/** All services in one process, with a proved and published snapshot: what `npm start` runs. */
export class RunningServices {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly snapshot: string,
    /** Account keys of the snapshot: made up, 64 hex digits each. */
    readonly keys: readonly string[],
    /** Where ingest reads balances. */
    readonly source: string,
    /** An operator's. */
    readonly apiKey: string,
    /** With which the operator signs: what forges under a good signature needs it. */
    readonly signing: Uint8Array,
    /** A partner's, where claims are offered. */
    readonly partnerApiKey: string | undefined,
    /** What it printed until it served. */
    readonly said: string,
  ) {}

  /**
   * On a machine that has far too much to do the program may give up waiting for itself; a later start goes on
   * where it was.
   * @param data kept between starts: another number of accounts is another snapshot of the same chain
   * @param options.claims offers private claims, with a development set-up that is made once a machine
   */
  static async start(
    data: string,
    accounts: number,
    { claims = false, tries = 3 }: { readonly claims?: boolean; readonly tries?: number } = {},
  ): Promise<RunningServices> {
    // It would make them beside others that make the same.
    if (claims) await testClaimKeys(2);
    try {
      return await RunningServices.#startOnce(data, accounts, claims);
    } catch (error) {
      if (tries <= 1 || !String(error).includes('nothing came for')) throw error;
      return RunningServices.start(data, accounts, { claims, tries: tries - 1 });
    }
  }

  static async #startOnce(data: string, accounts: number, claims: boolean): Promise<RunningServices> {
    const child = spawn(
      process.execPath,
      [
        ...[PROGRAM, '--data', data, '--port', '0', '--accounts', String(accounts), '--workers', '2'],
        ...(claims ? ['--claims'] : []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    const ready = new Promise<void>((done, failed) => {
      const read = (piece: Buffer) => {
        said += piece.toString();
        if (said.includes('Serving until')) done();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('close', () => failed(new Error(`the services ended:\n${said}`)));
    });
    await ready;
    const url = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(said)![1]!;
    const snapshot = /\/snapshots\/([\w-]+)\/manifest\.json/.exec(said)![1]!;
    const folder = join(data, 'source', snapshot, 'accounts');
    const [file] = readdirSync(folder).sort();
    const text = readFileSync(join(folder, file!), 'utf8');
    const keys = [...text.matchAll(/"id":"([0-9a-f]{64})"/g)].map(([, key]) => key!);
    const keyOf = (whose: string) => readFileSync(join(data, 'keys', `${whose}-api-key`), 'utf8').trim();
    const [apiKey, partnerApiKey] = [keyOf('operator'), claims ? keyOf('partner') : undefined];
    const { signing } = deriveKeys(hexBytes(readFileSync(join(data, 'keys', 'master'), 'utf8').trim(), 32));
    return new RunningServices(
      ...([child, url, snapshot, keys, join(data, 'source'), apiKey, signing, partnerApiKey, said] as const),
    );
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((done) => this.child.once('close', done));
    this.child.kill('SIGINT');
    await ended;
  }
}
