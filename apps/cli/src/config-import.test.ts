import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, runJson, temporaryFolder } from '../testing/run-cli';

const root = temporaryFolder();
const LIST = `symbol,usdt_price,loan_tiers_ratio,margin_tiers_ratio,portfolio_tiers_ratio\r
btc,65100.22,"[0-10000:100,10000-20000:90]","[0-10000:80]",""\r
usdt,1,"","",""\r
`;
const COLUMNS = ['btc', 'usdt'].map((x) => `e_${x},d_${x},${x},vl_${x},m_${x},pm_${x}`).join(',');
const KEYS = [1, 2, 3].map((n) => String(n).padStart(64, 'c'));

/**
 * What is owed in USDT against 0.2 BTC lent upon, worth 13,020.04: 10,000 and nine tenths of the rest count,
 * a little less as limits are rounded down.
 */
const row = (n: number, owed: string, loan = '0.2') =>
  `${n},${KEYS[n]!},0.5,0,0.5,${loan},0,0,0,${owed},-${owed},0,0,0,0.0\r\n`;

function written(name: string, ...rows: string[]) {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cex_assets_info.csv'), LIST);
  writeFileSync(join(folder, 'users.csv'), `rn,id,${COLUMNS},total_net_balance_usdt\r\n${rows.join('')}`);
  return folder;
}

describe('config import', () => {
  const file = join(root, 'snapshot.json');
  let operator: string;

  beforeAll(async () => {
    const made = await runJson(['keys', 'new', '--output', join(root, 'keys.json')]);
    operator = made.document.operator as string;
  });

  const importing = (output: string) => [
    'config', 'import', join(written('first'), 'cex_assets_info.csv'), '--snapshot', 'nov', '--taken-at', '2026-11-30T00:00:00Z',
    '--operator', operator, '--keys', join(root, 'keys.json'), '--output', output,
  ]; // prettier-ignore

  it('writes a configuration, and says which amounts the limits in value have become', async () => {
    const { code, stdout } = await runCli(importing(file));
    expect(code).toBe(0);
    expect(stdout).toContain('2 assets in mode margin');
    expect(stdout).toContain(
      'BTC loan: 100 % up to 10000 = 0.15360931 BTC, 90 % up to 20000 = 0.30721862 BTC',
    );
    expect(stdout).toContain('nothing counts of 1 asset: USDT');
    expect(stdout).toMatch(/An account takes \d+ of 8,192 limbs, and 7 of 1,024 published values/);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ operator, keys: { file: 'keys.json' } });
    const again = await runJson(importing(file));
    expect([again.code, again.document.code]).toEqual([2, 'CONFIG_EXISTS']);
  });

  it('check says what is owed, what counts and what is held of every account that cannot be proved', async () => {
    const input = written('unsound', row(0, '12718.03'), row(1, '12718.05'), row(2, '0', '0.6'));
    const config = join(root, 'unsound.json');
    writeFileSync(config, readFileSync(file, 'utf8').replace('2026-11-30', '2025-11-30'));
    const { code, stderr } = await runCli(['check', '--input', input, '--config', config]);
    expect(code).toBe(1);
    expect(stderr).toContain('2 accounts cannot be proved, and none is left out');
    expect(stderr).toContain(
      'it holds 32550.11 USDT, of which 12718.03958750482 USDT count, and owes 12718.05 USDT',
    );
    expect(stderr).toContain('BTC has pools that hold 0.6, more than its equity of 0.5: 0.6 in loan');
  });

  it('what is sound is proved and verified, with a total for each pool', async () => {
    const input = written('sound', row(0, '12718.03'), row(1, '0', '0.5'));
    const output = join(root, 'published');
    const config = join(root, 'unsound.json');
    const { document } = await runJson([
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
    expect(document).toMatchObject({ ok: true, accounts: 2 });
    const { totals } = document.manifest as { totals: { symbol: string; side: string; amount: string }[] };
    expect(totals.map(({ symbol, side, amount }) => [symbol, side, amount])).toEqual([
      ['BTC', 'equity', '100000000'],
      ['USDT', 'equity', '0'],
      ['BTC', 'debt', '0'],
      ['USDT', 'debt', '1271803000000'],
      ['BTC', 'pool', '30000000'],
      ['BTC', 'pool', '70000000'],
      ['BTC', 'pool', '0'],
    ]);
    const verified = await runCli([
      'verify-global',
      join(output, 'global-proof.ndjson'),
      '--operator',
      operator,
      '--workers',
      '1',
    ]);
    expect(verified.code).toBe(0);
  }, 300_000);
});
