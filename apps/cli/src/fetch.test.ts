import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeGateway, Refused } from '../../../libs/packages/client/testing/fake-gateway';
import { inclusionAnswer, publish, serve, snapshotAnswer, type Published } from '../testing/published';
import { runCli, runJson, startCli, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
const gateway = new FakeGateway();
let published: Published;
beforeAll(async () => {
  await gateway.start();
  published = await publish(join(root, 'data'));
  gateway.fields.snapshot = () => snapshotAnswer({ operator: published.operator });
  gateway.fields.inclusionProof = ({ accountId }: { accountId: string }) => {
    const proof = [...published.proofs.values()].find(({ id }) => id === accountId);
    if (!proof) throw new Refused('ACCOUNT_NOT_FOUND', 'there is no account with this id');
    return inclusionAnswer(published, proof.document);
  };
});
afterAll(() => gateway.stop());
beforeEach(() => {
  gateway.seen.length = 0;
});

const options = () => ({ environment: { SOLVENT_ENDPOINT: gateway.endpoint } });
const json = (...args: string[]) => runJson(['fetch', ...args], options());
const text = (...args: string[]) => runCli(['fetch', ...args], options());
const ranges = () =>
  gateway.seen.filter(({ path }) => path.endsWith('.ndjson')).map(({ headers }) => headers.range ?? 'all');

let folders = 0;
const folder = () => join(root, `out${++folders}`);

describe('fetch global', () => {
  const command = (output: string) => ['global', '--snapshot', published.id, '--output', output];
  /** Both files, and nothing else, as they were published. */
  function expectWhole(output: string): void {
    expect(readdirSync(output).sort()).toEqual(['global-proof.ndjson', 'manifest.json']);
    expect(readFileSync(join(output, 'manifest.json')).equals(published.manifest)).toBe(true);
    expect(readFileSync(join(output, 'global-proof.ndjson')).equals(published.globalProof)).toBe(true);
  }

  it('brings both files, and says how to verify them; that works', async () => {
    serve(gateway, published);
    const output = folder();
    const { code, stdout } = await text(...command(output));
    expect(code).toBe(0);
    expectWhole(output);
    const verify = /^ {2}solvent (verify-global .*)$/m.exec(stdout)![1]!.split(' ');
    expect((await runCli([...verify, '--workers', '1'])).code).toBe(0);
  });

  it('goes on after cut connections, without asking for a byte twice', async () => {
    const { globalProof } = serve(gateway, published);
    globalProof.cuts = [1000, 500];
    const output = folder();
    const { code, stdout } = await text(...command(output));
    expect(code).toBe(0);
    expectWhole(output);
    expect(ranges()).toEqual(['all', 'bytes=1000-', 'bytes=1500-']);
    expect(gateway.seen.at(-1)!.headers['if-range']).toBe('"1"');
    expect(stdout.match(/the connection failed.*going on in/g)).toHaveLength(2);
  });

  it('goes on in a later run where an interrupted one stopped', async () => {
    const { globalProof } = serve(gateway, published);
    const output = folder();
    const run = startCli(['fetch', ...command(output)], options());
    gateway.files.delete(`/snapshots/${published.id}/global-proof.ndjson`);
    // The first part of the file, then silence.
    gateway.instead = (response, { path }) => {
      if (path.endsWith('manifest.json')) return response.end(published.manifest);
      response.writeHead(200, { etag: '"1"', 'content-length': globalProof.bytes.length });
      response.write(globalProof.bytes.subarray(0, 2000));
    };
    const part = join(output, 'global-proof.ndjson.part');
    while (!existsSync(part) || statSync(part).size < 2000) await new Promise((r) => setTimeout(r, 10));
    run.child.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('the same command goes on from here');
    gateway.instead = undefined;
    gateway.seen.length = 0;
    serve(gateway, published);
    const again = await json(...command(output));
    expect(again).toMatchObject({
      code: 0,
      document: { resumedBytes: 2000, bytes: globalProof.bytes.length },
    });
    expectWhole(output);
    expect(ranges()).toEqual(['bytes=2000-']);
  });

  it.each([
    ['the file is another one', '"2"', true, '"1"'],
    ['the service cannot go on in the middle', '"1"', false, '"1"'],
    ['nothing says which file was begun', '"1"', true, undefined],
  ])('starts over when %s', async (_name, etag, ranged, known) => {
    Object.assign(serve(gateway, published).globalProof, { etag, ranges: ranged });
    const output = folder();
    mkdirSync(output);
    // Longer than the file, too: nothing of it may stay.
    writeFileSync(
      join(output, 'global-proof.ndjson.part'),
      Buffer.alloc(published.globalProof.length + 99, 1),
    );
    if (known) writeFileSync(join(output, 'global-proof.ndjson.part.etag'), known);
    expect(await json(...command(output))).toMatchObject({ code: 0, document: { resumedBytes: 0 } });
    expectWhole(output);
  });

  it('starts over when the file changes between two connections', async () => {
    const { globalProof } = serve(gateway, published);
    const old = { ...globalProof, bytes: Buffer.alloc(5000, 0x61), cuts: [1000] };
    gateway.files.set(`/snapshots/${published.id}/global-proof.ndjson`, old);
    const output = folder();
    const run = startCli(['fetch', ...command(output)], options());
    const part = join(output, 'global-proof.ndjson.part');
    while (!existsSync(part) || statSync(part).size < 1000) await new Promise((r) => setTimeout(r, 10));
    Object.assign(old, { bytes: globalProof.bytes, etag: '"2"' });
    expect((await run.ended).code).toBe(0);
    expectWhole(output);
  });

  it('does not download again what is there, and overwrites nothing', async () => {
    serve(gateway, published);
    const output = folder();
    await json(...command(output));
    gateway.seen.length = 0;
    expect((await json(...command(output))).code).toBe(0);
    expect(ranges()).toEqual([]);
    writeFileSync(join(output, 'global-proof.ndjson'), 'something else');
    expect(await json(...command(output))).toMatchObject({ code: 2, document: { code: 'OUTPUT_EXISTS' } });
    expect(readFileSync(join(output, 'global-proof.ndjson'), 'utf8')).toBe('something else');
    writeFileSync(join(output, 'manifest.json'), 'something else');
    expect(await json(...command(output))).toMatchObject({ code: 2, document: { code: 'OUTPUT_EXISTS' } });
    expect(readFileSync(join(output, 'manifest.json'), 'utf8')).toBe('something else');
  });

  it('refuses what is no manifest, or of another snapshot, and a proof of another manifest', async () => {
    const { manifest, globalProof } = serve(gateway, published);
    manifest.bytes = Buffer.from('{}');
    const output = folder();
    expect(await json(...command(output))).toMatchObject({
      code: 2,
      document: { code: expect.stringMatching(/MALFORMED|CANONICAL/) },
    });
    expect(existsSync(output)).toBe(false);
    gateway.file('/snapshots/other/manifest.json', published.manifest);
    expect(await json('global', '--snapshot', 'other', '--output', output)).toMatchObject({
      code: 1,
      document: { code: 'ANSWER_MISMATCH' },
    });
    manifest.bytes = published.manifest;
    globalProof.bytes = Buffer.concat([Buffer.from('x'), published.globalProof.subarray(1)]);
    expect(await json(...command(output))).toMatchObject({ code: 1, document: { code: 'ANSWER_MISMATCH' } });
  });

  it('says that there is no such snapshot', async () => {
    gateway.files.set(
      '/snapshots/lost/manifest.json',
      new Refused('SNAPSHOT_NOT_FOUND', 'there is none', 404),
    );
    const output = folder();
    expect(await json('global', '--snapshot', 'lost', '--output', output)).toMatchObject({
      code: 2,
      document: { code: 'SNAPSHOT_NOT_FOUND' },
    });
    expect(existsSync(output)).toBe(false);
  });
});

describe('fetch inclusion', () => {
  const key = () => [...published.proofs.keys()][0]!;
  const command = (output: string, ...more: string[]) => [
    ...['inclusion', '--snapshot', published.id, '--output', output, ...more],
  ];

  it('brings the file for its owner alone; it verifies', async () => {
    serve(gateway, published);
    const output = join(folder(), 'my-proof.json');
    const { code, stdout } = await text(...command(output, '--key', key().slice(2).toUpperCase()));
    expect(code).toBe(0);
    expect(readFileSync(output).equals(published.proofs.get(key())!.document)).toBe(true);
    expect(statSync(output).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(output, '..'))).toEqual(['manifest.json', 'my-proof.json']);
    expect(stdout).not.toContain(key().slice(2));
    const next = [...stdout.matchAll(/^ {2}solvent (.*)$/gm)].map(([, line]) =>
      line!.replace('0x…', key()).split(' '),
    );
    for (const args of next) expect((await runCli(args, options())).code).toBe(0);
  });

  it('of an unknown account is exit code 1, and no file', async () => {
    const output = folder();
    const { code, document } = await json(...command(output, '--key', `0x${'ab'.repeat(32)}`));
    expect({ code, document }).toMatchObject({
      code: 1,
      document: { code: 'ACCOUNT_NOT_FOUND', kind: 'invalid' },
    });
    expect(JSON.stringify(document)).not.toContain('ab'.repeat(8));
    expect(existsSync(output)).toBe(false);
  });

  it('an account id given as key is not found either, and the refusal says that an id is no key', async () => {
    const { id } = published.proofs.get(key())!;
    const { code, document } = await json(...command(folder(), '--key', id));
    expect({ code, document }).toMatchObject({ code: 1, document: { code: 'ACCOUNT_NOT_FOUND' } });
    expect(document.message).toContain('the account id in a proof file has as many digits and is no key');
  });

  it('sends the id of this snapshot, and nowhere the key', async () => {
    serve(gateway, published);
    const asked: unknown[] = [];
    const answer = gateway.fields.inclusionProof!;
    gateway.fields.inclusionProof = (args: never, request) => {
      asked.push(args);
      return answer(args, request);
    };
    const output = join(folder(), 'my-proof.json');
    const { code } = await json(...command(output, '--key', key()));
    gateway.fields.inclusionProof = answer;
    expect(code).toBe(0);
    expect(asked).toEqual([{ snapshotId: published.id, accountId: published.proofs.get(key())!.id }]);
    expect(JSON.stringify(gateway.seen)).not.toContain(key().slice(2));
  });

  it('hashes an identifier here: it is not sent', async () => {
    const asked: unknown[] = [];
    const answer = gateway.fields.inclusionProof!;
    gateway.fields.inclusionProof = (args: never, request) => {
      asked.push(args);
      return answer(args, request);
    };
    const { code } = await json(...command(folder(), '--identifier', 'alice@example.com/482193'));
    gateway.fields.inclusionProof = answer;
    expect(code).toBe(1);
    expect(asked).toEqual([
      { snapshotId: published.id, accountId: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    ]);
    expect(JSON.stringify(asked)).not.toContain('alice');
  });

  it('refuses another account’s proof, another snapshot’s, and a changed one; nothing is written', async () => {
    const [mine, others] = [...published.proofs.values()].map(({ document }) => document) as [Buffer, Buffer];
    const answer = gateway.fields.inclusionProof!;
    const output = folder();
    const changes: [object, string][] = [
      [inclusionAnswer(published, others), 'another account'],
      [{ ...inclusionAnswer(published, mine), document: `${mine.toString('utf8')} ` }, 'digest'],
    ];
    for (const [wrong, message] of changes) {
      gateway.fields.inclusionProof = () => wrong;
      const { code, document } = await json(...command(output, '--key', key()));
      expect({ code, document }).toMatchObject({ code: 1, document: { code: 'ANSWER_MISMATCH' } });
      expect(document.message).toContain(message);
    }
    gateway.fields.inclusionProof = () => inclusionAnswer(published, mine);
    gateway.file('/snapshots/other/manifest.json', published.manifest);
    const other = await json('inclusion', '--snapshot', 'other', '--output', output, '--key', key());
    expect(other.document.message).toContain('another snapshot');
    gateway.fields.inclusionProof = answer;
    expect(existsSync(output)).toBe(false);
  });

  it('overwrites nothing, and needs a key', async () => {
    const output = join(root, 'there.json');
    writeFileSync(output, 'something else');
    expect(await json(...command(output, '--key', key()))).toMatchObject({
      code: 2,
      document: { code: 'OUTPUT_EXISTS' },
    });
    expect(readFileSync(output, 'utf8')).toBe('something else');
    expect(await json(...command(folder()))).toMatchObject({ code: 2, document: { code: 'OPTIONS' } });
    expect(await json(...command(folder(), '--key', 'abc'))).toMatchObject({
      code: 2,
      document: { code: 'KEY_MALFORMED' },
    });
  });
});
