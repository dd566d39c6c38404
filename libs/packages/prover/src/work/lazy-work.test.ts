import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { SnapshotBuilder, testAccounts, testHeader, TEST_KEYS, toBatches } from '@solvent-por/dev/proofs';
import { workerFile } from '../files';
import type { FromThread, ThreadData, ToThread } from '../threads/protocol';

/** Threads come from `npm run build`. */
const folder = mkdtempSync(join(tmpdir(), 'solvent-lazy-'));
const hook = join(folder, 'hook.cjs');
/** Tells which modules a thread loads. */
writeFileSync(
  hook,
  `const Module = require('node:module');
const { workerData } = require('node:worker_threads');
const load = Module._load;
Module._load = function (request, ...rest) {
  workerData.loaded.postMessage(request);
  return load.call(this, request, ...rest);
};`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a thread of this work loads until it is ready. */
async function loadedBy(data: ThreadData): Promise<string[]> {
  const { port1, port2 } = new MessageChannel();
  const requests: string[] = [];
  port1.on('message', (request: string) => requests.push(request));
  const worker = new Worker(workerFile(), {
    workerData: { ...data, loaded: port2 },
    transferList: [port2],
    execArgv: ['--require', hook],
  });
  const exited = new Promise<void>((resolve, reject) => {
    worker.on('exit', () => resolve());
    worker.on('error', reject);
  });
  const answer = await new Promise<FromThread>((resolve) => worker.once('message', resolve));
  worker.postMessage({ end: true } satisfies ToThread);
  await exited;
  port1.close();
  expect(answer).toEqual({ loaded: undefined });
  return requests;
}

test('a thread that verifies loads no set-up, one that proves does', async () => {
  const header = testHeader('margin', 2, 2);
  const builder = await SnapshotBuilder.load(header);
  const { manifest } = builder.finalise(builder.proveAll(toBatches(testAccounts(header, 3)), 1));
  const verifying = await loadedBy({ work: 'verify', data: { manifest } });
  expect(verifying).toContain('@chainsafe/blst');
  expect(verifying).not.toContain('c-kzg');
  const { salt, blinding } = TEST_KEYS;
  expect(await loadedBy({ work: 'prove', data: { keys: { salt, blinding }, tables: {} } })).toContain(
    'c-kzg',
  );
});
