import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeGateway } from '../../../libs/packages/client/testing/fake-gateway';
import { snapshotAnswer } from '../testing/published';
import { proofFileOf } from '../testing/proof-file';
import { codes, runCli, runJson, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
const ID = '11'.repeat(32);
let operator: string;
let folders = 0;

beforeAll(async () => {
  const { document } = await runJson(['keys', 'new', '--output', join(root, 'keys.json')]);
  operator = document.operator as string;
});

/** A snapshot's input and configuration in a folder of their own. */
function written(config: object, files: Readonly<Record<string, string>>) {
  const folder = join(root, String(++folders));
  const [input, file] = [join(folder, 'in put'), join(folder, 'snapshot.json')];
  mkdirSync(input, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(input, name), text);
  const write = (more: object) =>
    writeFileSync(
      file,
      JSON.stringify({
        ...{ mode: 'spot', snapshot: 'slips', takenAt: '2026-01-31T00:00:00Z', operator },
        ...{ keys: { file: '../keys.json' }, ...config, ...more },
      }),
    );
  write({});
  return { folder, input, file, write, options: ['--input', input, '--config', file] };
}

const BTC = { assets: [{ symbol: 'BTC', scale: 8 }] };
const csv = (header: string, ...rows: string[]) => ({ 'a.csv': `${[header, ...rows].join('\n')}\n` });

describe('a takenAt of 2962 instead of 2026', () => {
  const future = () => written({ ...BTC, takenAt: '2962-01-31T00:00:00Z' }, csv('id,btc', `${ID},1`));

  it('is refused by check and prove, which say how to ask for it', async () => {
    const { folder, options } = future();
    const output = ['--output', join(folder, 'out'), '--workers', '1'];
    for (const args of [
      ['check', ...options],
      ['prove', ...options, ...output],
    ]) {
      const { code, document } = await runJson(args);
      expect([code, document.code]).toEqual([2, 'TAKEN_IN_FUTURE']);
      expect(document.message).toMatch(/Correct takenAt, or the clock.*--allow-future-date/s);
    }
  });

  it('is proved where it was asked for, and every verifier notes it', async () => {
    const { folder, options } = future();
    const out = join(folder, 'out');
    expect((await runCli(['check', ...options, '--allow-future-date'])).code).toBe(0);
    const prove = ['prove', ...options, '--output', out, '--workers', '1', '--allow-future-date'];
    expect((await runCli(prove)).code).toBe(0);
    const proofs = join(folder, 'proofs');
    await runCli(['prove-user', '--witness', join(out, 'witness'), '--all', '--output', proofs]);
    for (const args of [
      ['verify-global', join(out, 'global-proof.ndjson'), '--workers', '1'],
      ['verify-user', '--global', join(out, 'manifest.json'), '--key', ID, join(proofs, '*.json')],
      ['verify', out, '--workers', '1'],
    ]) {
      const { code, stdout } = await runCli(args);
      expect([args[0], code]).toEqual([args[0], 0]);
      const { document } = await runJson(args);
      expect(codes(document.notChecked)).toContain('TAKEN_IN_FUTURE');
      expect(stdout).toMatch(/^(?!ok).*the balances are said to be taken at 2962/m);
    }
  });

  it('is no matter of the asker’s where services sign: neither flag nor word goes there', async () => {
    const gateway = new FakeGateway();
    await gateway.start();
    try {
      const asked: unknown[] = [];
      gateway.fields.requestSnapshot = ({ input }: { input: { config: object } }) => {
        asked.push('allowFutureDate' in input.config);
        return { created: true, snapshot: snapshotAnswer() };
      };
      const { file, write } = future();
      write({ ...BTC, takenAt: '2962-01-31T00:00:00Z', allowFutureDate: true });
      const environment = { SOLVENT_ENDPOINT: gateway.endpoint, SOLVENT_API_KEY: 'slv_1_key' };
      const args = ['snapshot', 'request', '--config', file, '--source', 'a'];
      expect((await runCli(args, { environment })).code).toBe(0);
      expect((await runCli([...args, '--allow-future-date'], { environment })).code).toBe(2);
      expect(asked).toEqual([false]);
    } finally {
      await gateway.stop();
    }
  });
});

describe('600 assets, more than a snapshot holds', () => {
  const symbols = Array.from({ length: 600 }, (_, i) => `T${i}`);
  const cells = symbols.map((_, i) => (i < 500 ? '1.5' : '0'));
  const assets = symbols.map((symbol) => ({ symbol, scale: 8 }));
  const many = () => written({ assets }, csv(`id,${symbols.join(',')}`, `${ID},${cells.join(',')}`));

  it.each(['check', 'prove'])(
    '%s says how many nobody holds, and prints the change that is enough',
    async (command) => {
      const { folder, options, write } = many();
      const args = [command, ...options, ...(command === 'prove' ? ['--output', join(folder, 'out')] : [])];
      const { code, document } = await runJson(args);
      expect([code, document.code]).toEqual([2, 'CONFIG_ASSETS']);
      expect(document.message).toContain(
        'lists 600 assets; a snapshot holds 512 at most. Nobody holds 100 of them',
      );
      expect(document.message).toContain('Then 500 are left');
      const change = /^ {2}("unheldAssets": \[.*\])$/m.exec(document.message as string)![1]!;
      write(JSON.parse(`{${change}}`) as object);
      const checked = await runJson(['check', ...options]);
      expect(checked.document).toMatchObject({ ok: true, accounts: 1, unheld: [] });
    },
  );

  it('inspect offers the same', async () => {
    const { input, file, options, write } = many();
    const { code, stdout } = await runCli(['inspect', input, '--config', file]);
    expect(code).toBe(0);
    expect(stdout).toContain('nobody holds 100 of 600 assets');
    const change = /^ {2}("unheldAssets": \[.*\])$/m.exec(stdout)![1]!;
    write(JSON.parse(`{${change}}`) as object);
    expect((await runCli(['check', ...options])).code).toBe(0);
  });

  it('check offers it where there is room too, though nothing asks for it', async () => {
    const { options } = written(
      { assets: assets.slice(498, 502) },
      csv('id,T498,T499,T500,T501', `${ID},1,1,0,0`),
    );
    const { code, stdout } = await runCli(['check', ...options]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nobody holds 2 of 4 assets');
    expect(stdout).toContain('"unheldAssets": ["T500","T501"]');
  });
});

describe('ETH in wei', () => {
  it('inspect proposes a convertScale that check then accepts', async () => {
    for (const [amount, rounding] of [
      ['25000000000000000000', ''],
      ['25000000000000000001', ', "rounding": "up"'],
    ] as const) {
      const files = { 'a.json': JSON.stringify([{ id: ID, assets: { ETH: amount } }]) };
      const { input, file, options, write } = written({ assets: [{ symbol: 'ETH', scale: 18 }] }, files);
      const refused = await runJson(['check', ...options]);
      expect(refused.document).toMatchObject({ ok: false, code: 'ROW_AMOUNT_OUT_OF_RANGE' });
      expect(refused.document.message).toContain('an account can hold 18.446744073709551615 ETH at most');
      const { document } = await runJson(['inspect', input, '--config', file]);
      const [proposal] = document.proposals as { change: string }[];
      expect(proposal!.change).toBe(`"symbol": "ETH", "scale": 9, "convertScale": { "from": 18${rounding} }`);
      write({ assets: [JSON.parse(`{${proposal!.change}}`)] });
      const checked = await runJson(['check', ...options]);
      const decimal = rounding === '' ? '25.000000000' : '25.000000001';
      expect(checked.document).toMatchObject({ ok: true, totals: [{ decimal }] });
    }
  });

  it('inspect proposes more limbs where those are what is missing, and says when nothing is', async () => {
    const files = csv('id,btc', `${ID},1`);
    const { input, file, write } = written({ assets: [{ symbol: 'BTC', scale: 8, limbs: 2 }] }, files);
    const { document } = await runJson(['inspect', input, '--config', file]);
    expect(document.proposals).toEqual([
      expect.objectContaining({ symbol: 'BTC', change: '"symbol": "BTC", "scale": 8, "limbs": 3' }),
    ]);
    write(BTC);
    expect((await runCli(['inspect', input, '--config', file])).stdout).toContain('nothing to change');
  });
});

describe('columns', () => {
  it('check lists what is added up and what is not read', async () => {
    const config = { ...BTC, columns: { 'BTC-PERP': 'BTC' }, ignoreColumns: ['rn'] };
    const { options } = written(config, csv('rn,id,btc,btc-perp', `1,${ID},1,0.5`));
    const { stdout } = await runCli(['check', ...options]);
    expect(stdout).toContain('BTC is the sum of 2 names: btc, btc-perp');
    expect(stdout).toContain('not read: 1 column: rn');
    const { document } = await runJson(['check', ...options]);
    expect(document.names).toEqual({
      ignored: ['rn'],
      added: [{ symbol: 'BTC', names: ['btc', 'btc-perp'] }],
    });
  });

  it('in aggregate 0.1 BTC and 100 USDT make 100.10 USD, and check says so', async () => {
    const unit = {
      mode: 'aggregate',
      unit: 'USD',
      assets: [{ symbol: 'USD', scale: 2 }],
      tokens: ['BTC', 'USDT'],
    };
    const { options } = written(unit, csv('id,btc,usdt', `${ID},0.1,100`));
    const { stdout } = await runCli(['check', ...options]);
    expect(stdout).toContain('100.10');
    expect(stdout).toMatch(
      /added up as USD, each amount taken as USD already.*\n {2}from 2 names: btc, usdt\n/,
    );
  });
});

describe('plain identifiers that anybody guesses', () => {
  it('are joined with codes by `ids`: checked, proved, and verified by what each user is told', async () => {
    const config = { ...BTC, accountIds: 'plain' };
    const { folder, options, file, input } = written(config, csv('id,btc', 'bob@example.com,1', '7,2'));
    const refused = await runJson(['check', ...options]);
    expect([refused.code, refused.document.code]).toEqual([1, 'ROW_ID_WEAK']);
    expect(refused.document.message).toMatch(/solvent ids.*acceptWeakIds/);

    const joined = join(folder, 'joined');
    const made = await runCli(['ids', '--input', input, '--config', file, '--output', joined]);
    expect(made.code).toBe(0);
    expect(made.stdout).toContain('2 accounts in 1 file joined');
    expect(made.stdout).not.toContain('bob');
    expect(statSync(join(joined, 'codes.csv')).mode & 0o777).toBe(0o600);
    const lines = readFileSync(join(joined, 'codes.csv'), 'utf8').trim().split('\r\n');
    expect(lines).toHaveLength(3);
    const [, , account, key] = lines[1]!.split(',') as [string, string, string, string];

    const accounts = join(joined, 'accounts');
    expect((await runCli(['check', '--input', accounts, '--config', file])).code).toBe(0);
    const out = join(folder, 'out');
    const proved = await runCli([
      'prove',
      '--input',
      accounts,
      '--config',
      file,
      '--output',
      out,
      '--workers',
      '1',
    ]);
    expect(proved.code).toBe(0);
    const proofs = join(folder, 'proofs');
    await runCli([
      'prove-user',
      '--witness',
      join(out, 'witness'),
      '--identifier',
      account,
      '--output',
      proofs,
    ]);
    const user = ['verify-user', join(proofs, proofFileOf(join(out, 'manifest.json'), key))];
    expect((await runCli([...user, '--identifier', account])).code).toBe(0);
    expect((await runCli([...user, '--identifier', 'bob@example.com'])).code).toBe(1);
  });

  it('a row of totals is refused, and it is said how to go on', async () => {
    const { options } = written(
      { ...BTC, accountIds: 'plain', acceptWeakIds: true },
      csv('id,btc', 'bob,1', 'TOTAL,1'),
    );
    const { code, document } = await runJson(['check', ...options]);
    expect([code, document.code]).toEqual([1, 'ROW_TOTAL']);
    expect(document.message).toMatch(/Remove the row.*acceptIds/);
  });
});
