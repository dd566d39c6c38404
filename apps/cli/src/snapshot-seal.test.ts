import { FakeGateway } from '../../../libs/client/testing/fake-gateway';
import { snapshotAnswer } from './testing/published';
import { runCli, runJson } from './testing/run-cli';

/** `snapshot seal`, against a gateway that says what a test wants. */
const gateway = new FakeGateway();
beforeAll(() => gateway.start());
afterAll(() => gateway.stop());
afterEach(() => {
  gateway.seen.length = 0;
});

const environment = () => ({ SOLVENT_ENDPOINT: gateway.endpoint, SOLVENT_API_KEY: 'slv_1_key' });
const json = (...args: string[]) => runJson(args, { environment: environment() });
const text = (...args: string[]) => runCli(args, { environment: environment() });

/** Answers one after the other, the last one again and again. */
function states(...answers: object[]): void {
  gateway.fields.snapshot = () => (answers.length > 1 ? answers.shift() : answers[0]);
}

const bundle = (changes: object = {}) => ({
  ...{
    state: 'SEALING',
    url: null,
    requestedAt: '2026-01-02T00:00:00.000Z',
    sealedAt: null,
    failure: null,
  },
  ...{ batches: 3, batchesSealed: 1, shards: 16, shardsWritten: 0 },
  ...changes,
});
const url = 'https://proof.example/snapshots/generated/sealed';
const made = bundle({ state: 'SEALED', url, batchesSealed: 3, shardsWritten: 16, sealedAt: '2026-01-03' });
const seal = (...more: string[]) => text('snapshot', 'seal', 'generated', ...more);

test('is not sent without the operator’s word', async () => {
  const { code, stderr } = await seal();
  expect(code).toBe(2);
  expect(stderr).toMatch(/SEALED_KEYS/);
  expect(stderr).toContain('--keys-are-secret');
  expect(gateway.seen).toEqual([]);
});

test('is watched until it is served: exit code 0; asked for again it says so', async () => {
  const asked: unknown[] = [];
  gateway.fields.sealBundle = (args: unknown) => {
    asked.push(args);
    return { created: asked.length === 1, bundle: asked.length === 1 ? bundle() : made };
  };
  states({ sealedBundle: bundle({ shardsWritten: 7 }) }, { sealedBundle: made });
  const first = await seal('--keys-are-secret', '--watch', '--interval', '1');
  expect(first.stdout).toMatch(/- SEALING\n- SEALED after/);
  expect(first.stdout).toContain(`solvent verify-user --bundle ${url} --global manifest.json`);
  expect(first.code).toBe(0);
  expect(asked).toEqual([{ snapshotId: 'generated', keysAreSecret: true }]);
  const again = await seal('--keys-are-secret', '--watch');
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('asked for before')]);
});

test('says how far it is; one that failed is exit code 1, with the reason', async () => {
  gateway.fields.sealBundle = () => ({ created: true, bundle: bundle() });
  const { code, stdout } = await seal('--keys-are-secret');
  expect(code).toBe(0);
  expect(stdout).toContain('SEALING, 1 of 3 batches sealed, 0 of 16 shards written');
  expect(stdout).toContain('solvent snapshot seal generated --keys-are-secret --watch');
  const reason = { code: 'SEALED_OVERFLOW', message: 'a shard overflows' };
  states({ sealedBundle: bundle({ state: 'FAILED', failure: reason }) });
  const args = ['snapshot', 'seal', 'generated', '--keys-are-secret', '--watch', '--interval', '1'];
  expect(await json(...args)).toMatchObject({ code: 1, document: { ok: false, ...reason } });
});

test('is seen in the status of its snapshot, which stays published whatever becomes of it', async () => {
  const reason = { code: 'SEALED_OVERFLOW', message: 'a shard overflows' };
  states(snapshotAnswer({ sealedBundle: bundle({ state: 'FAILED', failure: reason }) }));
  const failed = await text('snapshot', 'status', 'generated');
  expect([failed.code, failed.stdout]).toEqual([
    0,
    expect.stringContaining('the sealed bundle of generated has failed: a shard overflows (SEALED_OVERFLOW)'),
  ]);
  states(snapshotAnswer({ sealedBundle: made }));
  expect((await text('snapshot', 'status', 'generated')).stdout).toContain(`16 shards at ${url}`);
});

test('of a bundle that retention took meanwhile ends', async () => {
  gateway.fields.sealBundle = () => ({ created: true, bundle: bundle() });
  states({ sealedBundle: null });
  const args = ['snapshot', 'seal', 'generated', '--keys-are-secret', '--watch', '--interval', '1'];
  expect(await json(...args)).toMatchObject({ code: 2, document: { code: 'BUNDLE_NOT_FOUND' } });
});
