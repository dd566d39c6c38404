import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, runJson, temporaryFolder } from './testing/run-cli';
import type { ValueDocument } from './values';

/** Files of other projects, where they lie beside ours; they are not part of this repository. */
const project = join(__dirname, '../../..');
const shared = join(project, '../shared/data');
const examples = join(project, 'docs/examples');
const root = temporaryFolder();

const CASES = [
  { example: 'okx-v2-aggregate', input: 'okx-v2', accounts: 8, assets: 1, prove: true },
  // 1,333 limb columns: about a minute. SOLVENT_SLOW_TESTS=1 proves it too.
  {
    example: 'okx-v2-margin',
    input: 'okx-v2',
    accounts: 8,
    assets: 220,
    prove: !!process.env.SOLVENT_SLOW_TESTS,
  },
  { example: 'binance-margin', input: 'binance', accounts: 100, assets: 4, prove: true },
];

if (!existsSync(shared)) process.stderr.write(`SKIPPED: tests of real input, for ${shared} is missing\n`);

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

(existsSync(shared) ? describe : describe.skip).each(CASES)(
  '$example',
  ({ example, input, accounts, assets, prove }) => {
    const source = join(shared, input);
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

    (prove ? it : it.skip)(
      'is proved and verified',
      async () => {
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
        const verified = await runCli([
          'verify-global',
          join(output, 'global-proof.ndjson'),
          '--workers',
          '1',
        ]);
        expect(verified.code).toBe(0);
      },
      600_000,
    );
  },
);

/** Totals by the simplest means. */
function expectedTotals(example: string, source: string, layout: readonly ValueDocument[]): string[] {
  if (example === 'binance-margin') {
    const [head, ...rows] = readFileSync(join(source, 'sample_users0.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const units = (cell: string) => {
      const [whole, fraction = ''] = cell.split('.') as [string, string?];
      return BigInt(whole + fraction.padEnd(8, '0'));
    };
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
