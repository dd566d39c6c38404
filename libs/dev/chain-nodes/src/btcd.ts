import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@solvent-por/dev/embedded-postgres';
import { btcdProgram } from './btcd-program';
import { startNode } from './child-node';
import { callRpc } from './json-rpc';

/** A Bitcoin node of this test's own, on regtest, with an index of addresses. */
export interface Btcd {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** For whoever passes calls on to it. */
  readonly authorization: string;
  rpc<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T>;
  /** Mines so many blocks. @returns their hashes, without 0x */
  generate(blocks: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const USER = 'solvent';
const PASSWORD = 'test';

/** @param miner a regtest address: coinbases go there, and can be spent 100 blocks later */
export async function startBtcd(miner: string): Promise<Btcd> {
  const folder = mkdtempSync(join(tmpdir(), 'solvent-test-btcd-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  const rpc = <T>(method: string, ...params: readonly unknown[]) =>
    callRpc<T>(url, method, params, authorization);
  const node = await startNode(
    btcdProgram(),
    [
      ...['--regtest', '--configfile=/dev/null', '--nolisten', '--notls', '--txindex', '--addrindex'],
      ...[`--datadir=${folder}/data`, `--logdir=${folder}/log`, '--debuglevel=error'],
      ...[`--rpclisten=127.0.0.1:${port}`, `--rpcuser=${USER}`, `--rpcpass=${PASSWORD}`],
      `--miningaddr=${miner}`,
    ],
    () =>
      rpc('getblockcount').then(
        () => true,
        () => false,
      ),
  );
  return {
    ...{ url, user: USER, password: PASSWORD, authorization, rpc },
    generate: (blocks) => rpc<string[]>('generate', blocks),
    stop: async () => {
      await node.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Tests with btcd: where it cannot be built they are skipped, and say so; in CI that is a failure. */
export function describeWithBtcd(name: string, why: string | undefined, tests: () => void): void {
  if (why === undefined) return describe(name, tests);
  const hint = `tests of ${name} need btcd: ${why}. Install Go 1.22 or newer.`;
  if (process.env.CI === 'true')
    return describe(name, () => {
      test('btcd is there', () => {
        throw new Error(hint);
      });
    });
  process.stderr.write(`\n*** SKIPPED: ${hint} ***\n\n`);
  describe.skip(name, tests);
}
