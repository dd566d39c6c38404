import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { units, writeBinance, writeOkx } from '../../../libs/dev/proofs/src/foreign-input';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';
import type { ValueDocument } from './values';

/** Input in the form of other projects' files, by the example configurations that we give for them. */
const project = join(__dirname, '../../..');
const examples = join(project, 'docs/examples');
const root = temporaryFolder();
const input = (name: string) => join(root, 'input', name);

beforeAll(() => {
  writeOkx(input('okx-v2'));
  writeBinance(input('binance'));
});

const CASES = [
  { example: 'okx-v2-aggregate', input: 'okx-v2', accounts: 8, assets: 1 },
  { example: 'okx-v2-margin', input: 'okx-v2', accounts: 8, assets: 220 },
  { example: 'binance-margin', input: 'binance', accounts: 100, assets: 4 },
];

/** The example with keys of its own, as its reader would make them. */
async function configure(example: string): Promise<string> {
  const folder = join(root, example);
  mkdirSync(folder);
  const { document } = await runJson(['keys', 'new', '--output', join(folder, 'keys.json')]);
  const config = JSON.parse(readFileSync(join(examples, `${example}.json`), 'utf8')) as object;
  const file = join(folder, 'snapshot.json');
  writeFileSync(file, JSON.stringify({ ...config, operator: document.operator }));
  return file;
}

describe.each(CASES)('$example', ({ example, input: name, accounts, assets }) => {
  const source = input(name);
  let config: string;
  let totals: ValueDocument[];

  it('is checked', async () => {
    config = await configure(example);
    const { code, document } = await runJson(['check', '--input', source, '--config', config]);
    expect(document).toMatchObject({ ok: true, accounts });
    expect(code).toBe(0);
    totals = document.totals as ValueDocument[];
    expect(totals).toHaveLength(2 * assets);
    expect(totals.map(({ amount }) => amount)).toEqual(expectedTotals(example, source, totals));
  });

  it('is proved and verified', async () => {
    const output = join(root, example, 'published');
    const proved = await runJson([
      'prove',
      '--input',
      source,
      '--config',
      config,
      '--output',
      output,
      '--workers',
      '1',
    ]);
    expect(proved.document).toMatchObject({ ok: true, accounts, manifest: { totals } });
    const verified = await runCli(['verify-global', join(output, 'global-proof.ndjson'), '--workers', '1']);
    expect(verified.code).toBe(0);
  }, 600_000);
});

describe("Binance's list and its sample users, with haircuts", () => {
  const source = input('binance');
  const folder = join(root, 'binance-haircuts');
  const config = join(folder, 'snapshot.json');

  beforeAll(async () => {
    mkdirSync(folder);
    const keys = join(folder, 'keys.json');
    const { document } = await runJson(['keys', 'new', '--output', keys]);
    const { code } = await runJson([
      ...['config', 'import', join(source, 'cex_assets_info.csv'), '--output', config],
      ...['--snapshot', 'binance-haircuts', '--taken-at', '2025-10-31T00:00:00Z'],
      ...['--operator', document.operator as string, '--keys', keys],
    ]);
    expect(code).toBe(0);
  });

  it('90 of the 100 hold: five are over-collateralised, five owe more than counts, and all ten are named', async () => {
    const { code, stderr } = await runCli(['check', '--input', source, '--config', config]);
    expect(code).toBe(1);
    expect(stderr).toContain('10 accounts cannot be proved, and none is left out');
    const lines = stderr.split('\n').filter((line) => line.includes('sample_users0.csv, line '));
    expect(lines).toHaveLength(10);
    const at = (line: number) => lines.find((text) => text.includes(`line ${line} `))!;
    const [over, owing] = [[2, 4, 6, 8, 10].map(at), [3, 5, 7, 9, 11].map(at)];
    for (const text of over)
      expect(text).toMatch(
        /: BTC has pools that hold [\d.]+, more than its equity of [\d.]+: [\d.]+ in loan, .*; ETH has pools /,
      );
    for (const text of owing) {
      const [, held, counted, owed] =
        /it holds ([\d.]+) USDT, of which ([\d.]+) USDT count, and owes ([\d.]+) USDT/
          .exec(text)!
          .map(Number);
      expect(held).toBeGreaterThan(counted!);
      expect(owed! / counted!).toBeCloseTo(1.01, 3);
    }
  });

  it('the others are proved and verified', async () => {
    const [head, ...rows] = readFileSync(join(source, 'sample_users0.csv'), 'utf8').trim().split('\n');
    const input = join(folder, 'sound');
    mkdirSync(input);
    writeFileSync(join(input, 'users.csv'), `${[head, ...rows.slice(10)].join('\n')}\n`);
    const output = join(folder, 'published');
    const proved = await runJson([
      'prove',
      '--input',
      input,
      '--config',
      config,
      '--output',
      output,
      '--workers',
      '1',
    ]);
    expect(proved.document).toMatchObject({ ok: true, accounts: 90 });
    expect(
      (await runCli(['verify-global', join(output, 'global-proof.ndjson'), '--workers', '1'])).code,
    ).toBe(0);
  }, 600_000);
});

/** Totals by the simplest means. */
function expectedTotals(example: string, source: string, layout: readonly ValueDocument[]): string[] {
  if (example === 'binance-margin') {
    const [head, ...rows] = readFileSync(join(source, 'sample_users0.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    return layout.map(({ symbol, side }) => {
      const column = head!.indexOf(`${side === 'equity' ? 'e' : 'd'}_${symbol.toLowerCase()}`);
      return rows.reduce((sum, row) => sum + units(row[column]!), 0n).toString();
    });
  }
  const records = JSON.parse(readFileSync(join(source, 'batch0.json'), 'utf8')) as {
    assets: Record<string, string>;
  }[];
  const amounts = records.flatMap(({ assets }) =>
    Object.entries(assets).map(([symbol, x]) => ({ symbol, x: BigInt(x) })),
  );
  return layout.map(({ symbol, side }) =>
    amounts
      .filter(
        (amount) =>
          (example === 'okx-v2-aggregate' || amount.symbol === symbol) &&
          amount.x > 0n === (side === 'equity'),
      )
      .reduce((sum, { x }) => sum + (x < 0n ? -x : x), 0n)
      .toString(),
  );
}
