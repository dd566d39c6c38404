import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

/**
 * Balance files as Binance published them at first: 316 tokens, three columns each (equity, debt, net), then
 * 316 of prices and a total; names that begin with a digit or are one letter long, amounts such as 1.56e-05.
 */
const [COUNT, ACCOUNTS] = [316, 40];
const folder = temporaryFolder();
const [input, config] = [join(folder, 'accounts'), join(folder, 'snapshot.json')];
const symbols = ['1inch', 't', 'one', 'bttc', ...Array.from({ length: COUNT - 4 }, (_, i) => `tk${i}`)];

function row(n: number): string {
  const amounts = symbols.flatMap((symbol, i) => {
    if (symbol === 'bttc') return ['10416399.38', '0.0', '10416399.38'];
    if ((i + n) % 9 === 0) return ['1.56e-05', '0.0', '1.56e-05'];
    return (i + n) % 5 === 0 ? ['19.656', '2.5', '17.156'] : ['0.0', '0.0', '0.0'];
  });
  const prices = symbols.map(() => '0.39600000');
  const id = (n + 1).toString(16).padStart(64, '0');
  return [n + 101, id, ...amounts, ...prices, '4566.921825655256'].join(',');
}

beforeAll(async () => {
  mkdirSync(input);
  const columns = symbols.flatMap((symbol) => [`e_${symbol}`, `d_${symbol}`, symbol]);
  const head = ['rn', 'id', ...columns, ...symbols.map((symbol) => `${symbol}_udst_price`), 'total_net_balance_usdt']; // prettier-ignore
  const rows = Array.from({ length: ACCOUNTS }, (_, n) => row(n));
  writeFileSync(join(input, 'users.csv'), `${[head.join(','), ...rows].join('\n')}\n`);
});

it('316 tokens with columns of prices are read as they come, proved and verified', async () => {
  const keys = join(folder, 'keys.json');
  const { operator } = (await runJson(['keys', 'new', '--output', keys])).document;
  const assets = symbols.map((symbol) => ({ symbol: symbol.toUpperCase(), scale: 8, price: '0.396' }));
  const common = { snapshot: 'many', takenAt: '2025-10-31T00:00:00Z', operator, keys: { file: keys } };
  const write = (more: object) =>
    writeFileSync(
      config,
      JSON.stringify({ ...common, mode: 'margin', unit: 'USDT', priceScale: 12, assets, ...more }),
    );
  write({});
  const unread = await runCli(['check', '--input', input, '--config', config]);
  expect(unread.code).toBe(1);
  // What to paste is all there, however long.
  const [, ignored] = /"ignoreColumns": (\["rn".*?\])/.exec(unread.stderr)!;
  const ignoreColumns = JSON.parse(ignored!) as string[];
  expect(ignoreColumns).toHaveLength(COUNT + 2);
  write({ ignoreColumns });
  const output = join(folder, 'published');
  const given = ['--input', input, '--config', config, '--output', output, '--workers', '1'];
  const proved = await runJson(['prove', ...given]);
  expect(proved.document).toMatchObject({ ok: true, accounts: ACCOUNTS });
  const { totals } = proved.document.manifest as { totals: { symbol: string; amount: string }[] };
  expect(totals).toHaveLength(2 * COUNT);
  expect(totals.find(({ symbol }) => symbol === 'BTTC')!.amount).toBe(String(1041639938000000n * 40n));
  const verified = await runCli(['verify-global', join(output, 'global-proof.ndjson'), '--workers', '1']);
  expect(verified.code).toBe(0);
}, 300_000);
