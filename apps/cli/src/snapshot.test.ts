import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeGateway, Refused } from '../../../libs/packages/client/testing/fake-gateway';
import { snapshotAnswer } from '../testing/published';
import { runCli, runJson, startCli, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
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

const proving = (batchesProved: number) =>
  snapshotAnswer({
    state: 'PROVING',
    manifest: null,
    progress: { batches: 3, batchesProved, proofs: batchesProved, failure: null },
  });
const failure = {
  code: 'ROW_DUPLICATE_ACCOUNT',
  message: 'account 0x12345678… appears twice',
  file: 'a.csv',
  row: 7,
};
const failed = snapshotAnswer({
  state: 'FAILED',
  manifest: null,
  progress: { batches: 3, batchesProved: 1, proofs: 1, failure },
});

describe('status --watch', () => {
  it('stays until a snapshot is published: exit code 0', async () => {
    states(
      snapshotAnswer({
        state: 'REQUESTED',
        manifest: null,
        progress: { batches: null, batchesProved: 0, proofs: 0, failure: null },
      }),
      proving(1),
      proving(2),
      snapshotAnswer(),
    );
    const { code, stdout } = await text('snapshot', 'status', 'generated', '--watch', '--interval', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/- REQUESTED\n- PROVING after .*\n- PUBLISHED after/);
    expect(stdout).toContain('solvent fetch global --snapshot generated');
    expect(gateway.seen).toHaveLength(4);
    expect(gateway.seen[0]!.headers.authorization).toBe('Bearer slv_1_key');
  });

  it('stays until a snapshot has failed: exit code 1, with the reason', async () => {
    states(proving(1), failed);
    const { code, document } = await json('snapshot', 'status', 'generated', '--watch', '--interval', '1');
    expect(code).toBe(1);
    expect(document).toMatchObject({ ok: false, ...failure, snapshot: { state: 'FAILED' } });
    expect((await text('snapshot', 'status', 'generated')).stdout).toMatch(/FAILED.*appears twice \(ROW_DUP/);
  });

  it('waits for a gateway that is away for a while, and says so', async () => {
    states(proving(1));
    const away = await new FakeGateway().start();
    away.fields.snapshot = gateway.fields.snapshot!;
    const port = Number(new URL(away.endpoint).port);
    const run = startCli(['snapshot', 'status', 'generated', '--watch', '--interval', '1'], {
      environment: { SOLVENT_ENDPOINT: away.endpoint },
    });
    const said = (words: string) =>
      new Promise<void>((resolve) => {
        let all = '';
        run.child.stdout!.on('data', (chunk: string) => {
          all += chunk;
          if (all.includes(words)) resolve();
        });
      });
    await said('PROVING');
    const noticed = said('the gateway is away');
    await away.stop();
    await noticed;
    const back = new FakeGateway();
    back.fields.snapshot = () => snapshotAnswer();
    await back.start(port);
    const { code, stdout } = await run.ended;
    await back.stop();
    expect(stdout).toMatch(
      /! the gateway is away \(.*ECONNREFUSED.*\); waiting for it\nok the gateway is back/,
    );
    expect(code).toBe(0);
  });
});

describe('status', () => {
  it('of one under way is no failure', async () => {
    states(proving(2));
    const { code, stdout } = await text('snapshot', 'status', 'generated');
    expect(code).toBe(0);
    expect(stdout).toContain('generated  PROVING    taken at 2026-01-01T00:00:00Z, 2 of 3 batches proved');
    const { document } = await json('snapshot', 'status', 'generated');
    expect(document).toMatchObject({
      ok: true,
      snapshot: { state: 'PROVING', progress: { batchesProved: 2 } },
    });
  });

  it('of none is exit code 2', async () => {
    gateway.fields.snapshot = () => null;
    expect(await json('snapshot', 'status', 'lost')).toMatchObject({
      code: 2,
      document: { code: 'SNAPSHOT_NOT_FOUND', kind: 'usage' },
    });
  });
});

describe('request', () => {
  const config = join(root, 'snapshot.json');
  const wanted = {
    mode: 'spot',
    snapshot: 'generated',
    takenAt: '2026-01-01T00:00:00Z',
    operator: '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    assets: [{ symbol: 'BTC', scale: 8 }],
  };
  beforeAll(() =>
    writeFileSync(
      config,
      JSON.stringify({ ...wanted, keys: { file: '/secret/keys.json' }, previous: '../old/manifest.json' }),
    ),
  );

  it('sends the configuration without keys and paths of this machine', async () => {
    const asked: unknown[] = [];
    gateway.fields.requestSnapshot = (args: unknown) => {
      asked.push(args);
      return { created: true, snapshot: snapshotAnswer({ state: 'REQUESTED', manifest: null }) };
    };
    const { code, stdout } = await text('snapshot', 'request', '--config', config, '--source', 'a/b');
    expect({ code, asked }).toMatchObject({ code: 0, asked: [{ input: { config: wanted, source: 'a/b' } }] });
    expect(JSON.stringify(asked)).not.toMatch(/secret|previous|keys/);
    expect(stdout).toContain('solvent snapshot status generated --watch');
  });

  it('that was made before says so', async () => {
    gateway.fields.requestSnapshot = () => ({ created: false, snapshot: snapshotAnswer() });
    const { code, stdout } = await text('snapshot', 'request', '--config', config, '--source', 'a');
    expect(code).toBe(0);
    expect(stdout).toContain('requested before');
  });

  it.each([
    ['CHAIN_TIME', 1],
    ['SNAPSHOT_EXISTS', 2],
    ['FORBIDDEN', 2],
    ['API_KEY_INVALID', 2],
    ['INTERNAL', 2],
  ])('refused with %s ends with %d', async (refusal, exit) => {
    gateway.fields.requestSnapshot = () => {
      throw new Refused(refusal, 'the service says no');
    };
    const { code, document } = await json('snapshot', 'request', '--config', config, '--source', 'a');
    expect({ code, error: document.code }).toEqual({ code: exit, error: refusal });
    expect(document.message).toMatch(/^the service says no/);
  });

  it('with a configuration that is none is not sent', async () => {
    writeFileSync(join(root, 'bad.json'), '{"mode":"spot"}');
    const { code, document } = await json(
      'snapshot',
      'request',
      '--config',
      join(root, 'bad.json'),
      '--source',
      'a',
    );
    expect({ code, error: document.code }).toEqual({ code: 2, error: 'CONFIG_INVALID' });
    expect(gateway.seen).toEqual([]);
  });

  it('asks once more where the service asks for patience', async () => {
    let refusals = 1;
    gateway.fields.requestSnapshot = () => {
      if (refusals-- > 0) throw new Refused('RATE_LIMITED', 'too many requests', 429, { retryAfter: 1 });
      return { created: true, snapshot: snapshotAnswer() };
    };
    expect((await json('snapshot', 'request', '--config', config, '--source', 'a')).code).toBe(0);
    expect(gateway.seen).toHaveLength(2);
  });
});

it('lists page by page, up to a limit', async () => {
  gateway.fields.snapshots = ({ first, after }: { first: number; after: string | null }) => {
    const at = Number(after ?? 0);
    const nodes = Array.from({ length: first }, (_, i) => snapshotAnswer({ id: `s${at + i}` }));
    return { nodes, pageInfo: { endCursor: String(at + first), hasNextPage: at + first < 200 } };
  };
  const { document } = await json('snapshot', 'list', '--limit', '120');
  expect((document.snapshots as { id: string }[]).map(({ id }) => id)).toEqual(
    Array.from({ length: 120 }, (_, i) => `s${i}`),
  );
  expect(document.more).toBe(true);
  expect(gateway.seen).toHaveLength(3);
  const { stdout } = await text('snapshot', 'list', '--limit', '1');
  expect(stdout).toBe(
    's0  PUBLISHED  taken at 2026-01-01T00:00:00Z, 1 batch\n(1 snapshot; there are more: --limit)\n',
  );
});

describe('the connection', () => {
  it('to nobody is explained at once', async () => {
    const { code, document } = await runJson(['snapshot', 'list', '--endpoint', 'http://127.0.0.1:9']);
    expect(code).toBe(2);
    expect(document).toMatchObject({ code: 'NETWORK_FAILED', kind: 'usage' });
    expect(document.message).toMatch(/cannot reach http:\/\/127\.0\.0\.1:9.*is the gateway running/);
  });

  it('takes the key from a file, an option, or the environment', async () => {
    const file = join(root, 'key');
    writeFileSync(file, 'slv_2_file\n');
    gateway.fields.snapshots = () => ({ nodes: [], pageInfo: { endCursor: null, hasNextPage: false } });
    await text('snapshot', 'list', '--api-key-file', file);
    await text('snapshot', 'list', '--api-key', 'slv_3_option');
    await text('snapshot', 'list');
    expect(gateway.seen.map(({ headers }) => headers.authorization)).toEqual(
      ['slv_2_file', 'slv_3_option', 'slv_1_key'].map((key) => `Bearer ${key}`),
    );
    expect(await json('snapshot', 'list', '--api-key-file', file, '--api-key', 'x')).toMatchObject({
      code: 2,
      document: { code: 'OPTIONS' },
    });
    expect(await json('snapshot', 'list', '--api-key-file', join(root, 'none'))).toMatchObject({
      code: 2,
      document: { code: 'FILE_UNREADABLE' },
    });
  });

  it('never repeats a malformed key, and warns of one that would travel unencrypted', async () => {
    const bad = await text('snapshot', 'list', '--api-key', 'slv_4 secret');
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('API_KEY_MALFORMED');
    expect(bad.stdout + bad.stderr).not.toContain('secret');
    const open = await text('snapshot', 'list', '--endpoint', 'http://gateway.invalid');
    expect(open.stdout).toContain('! the API key travels unencrypted');
    expect(open.stderr).toContain('NETWORK_FAILED');
  });

  it('to something else is explained', async () => {
    gateway.instead = (response) => response.writeHead(404).end('<h1>nothing here</h1>');
    const { code, document } = await json('snapshot', 'list');
    gateway.instead = undefined;
    expect({ code, error: document.code }).toEqual({ code: 2, error: 'HTTP_404' });
    expect(document.message).toContain('is it really a Solvent gateway?');
  });
});
