import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeys } from '@solvent-por/snapshot/readers';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

const VECTORS = join(__dirname, '../../../test-vectors/reserves');
const folder = temporaryFolder();
const okx = (name: string) => join(VECTORS, 'okx', name);

const imported = async (form: string, files: readonly string[], ...more: readonly string[]) => {
  const { code, stdout } = await runCli(['reserves', 'import', '--from', form, ...files, ...more, '--json']);
  return { code, document: JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown> };
};

test('reserves import: every row with its verdict, and the exit code', async () => {
  expect(
    await imported('okx', [okx('okx_por_example.csv'), okx('okx_por_staking_example.csv')]),
  ).toMatchObject({
    ...{
      code: 1,
      document: { verdict: 'wrong', rows: { right: 3, unchecked: 3, unsupported: 1, wrong: 1 } },
    },
  });
  expect(await imported('okx', [okx('okx_por_example.csv')])).toMatchObject({
    ...{ code: 0, document: { verdict: 'right', rows: { right: 3, unchecked: 2 } } },
  });
  expect(await imported('okx-2025', [okx('test.csv')])).toMatchObject({
    code: 0,
    document: { rows: { right: 7, unsupported: 2 } },
  });
  expect(await imported('bitmex', [join(VECTORS, 'bitmex-reserves.yaml')])).toMatchObject({
    code: 0,
    document: { rows: { right: 4 } },
  });
  const forged = join(folder, 'forged.csv');
  writeFileSync(
    forged,
    readFileSync(okx('okx_por_example.csv'), 'utf8').replaceAll('I am an OKX address', 'I am an XKO address'),
  );
  const { code, document } = await imported('okx', [forged]);
  expect(code).toBe(1);
  expect(document.refused).toContainEqual(expect.objectContaining({ row: 16, verdict: 'wrong' }));
  expect(await imported('coinbase', [forged])).toMatchObject({ code: 2, document: { verdict: 'malformed' } });
  expect(await imported('okx', [join(VECTORS, 'bitmex-reserves.yaml')])).toMatchObject({ code: 2 });
});

test('imported, built, verified: what is legacy stays claimed', async () => {
  const { operator } = await createKeys(join(folder, 'keys.json'));
  const lines = join(folder, 'lines.ndjson');
  await imported('okx', [okx('okx_por_staking_example.csv')], '--output', lines);
  const config = {
    ...{
      operator,
      domain: 'exchange.example',
      snapshot: 'nov-2026',
      takenAt: '2026-11-30T00:00:23Z',
      anchor: 'eip155:1',
    },
    liabilities: null,
    messages: ['I am an OKX address'],
    networks: [
      { network: 'beacon', height: '15764400', block: `0x${'05'.repeat(32)}`, time: '2026-11-30T00:00:23Z' },
      {
        network: 'eip155:1',
        height: '23900000',
        block: `0x${'06'.repeat(32)}`,
        time: '2026-11-30T00:00:23Z',
      },
    ],
    assets: [{ symbol: 'ETH', scale: 9 }],
    lines: ['lines.ndjson'],
    keys: { file: 'keys.json' },
  };
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config, null, 2));
  const built = join(folder, 'published');
  expect(await runJson(['reserves', 'build', built, '--config', file])).toMatchObject({
    code: 0,
    document: { lines: 3 },
  });
  expect(existsSync(join(built, 'reserve-addresses.ndjson'))).toBe(true);
  const { stdout } = await runCli(['verify-reserves', built, '--operator', operator, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{
      verdict: 'right',
      ownership: { undated: 2, none: 1 },
      assets: { ETH: { claimed: '64058959708', proved: '0', checked: '0' } },
    },
  });
  const { document } = await runJson(['reserves', 'statement', '--snapshot', file, '--named', '2026-01-15']);
  const published = JSON.parse(readFileSync(join(built, 'reserves.json'), 'utf8')) as { statement: string };
  expect(document.statement).toBe(published.statement);
  expect(document.text).toMatch(
    /^exchange\.example controls this address\. Solvent proof of reserves 0x[0-9a-f]{64}$/,
  );
  expect(document.standing).toBe(
    `exchange.example controls this address. Solvent proof of 2026-01-15 by ${operator}`,
  );
  const again = await runJson(['reserves', 'statement', '--snapshot', join(built, 'reserves.json')]);
  expect(again.document.text).toBe(document.text);
});

test('a publication that would be refused is not written', async () => {
  const file = join(folder, 'late.json');
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
    networks: { time: string }[];
  };
  config.networks[1]!.time = '2026-11-30T00:00:11Z';
  writeFileSync(file, JSON.stringify(config));
  const { code, document } = await runJson(['reserves', 'build', join(folder, 'not'), '--config', file]);
  expect({ code, message: document.message }).toEqual({
    code: 1,
    message: expect.stringContaining('same time') as string,
  });
  expect(existsSync(join(folder, 'not'))).toBe(false);
});
