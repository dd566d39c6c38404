import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASON_WORDS } from '@solvent-por/reserves';
import { LEVEL_CASES, type LevelCase } from '../../../libs/packages/reserves/testing/level-cases';
import { CONFIRMED, OPERATOR_KEY } from '../../../libs/packages/reserves/testing/made-publication';
import { stubs } from '../../../libs/packages/nodes/testing/http-stub';
import { runCli, temporaryFolder } from '../testing/run-cli';

const stub = stubs();
const PUBLICATIONS = join(__dirname, '../../../test-vectors/reserves/publications');
const folder = temporaryFolder();

interface Report {
  readonly outcome: string;
  readonly verdict?: string;
  readonly reasons?: Readonly<Record<string, number>>;
  readonly assets?: readonly Readonly<Record<string, unknown>>[];
}

/** Twice the same: as a report with what is said to people, and as the document of --json. */
async function reported(name: string, args: readonly string[]) {
  const output = join(folder, name);
  const { code, stdout } = await runCli(['report', ...args, '--output', output]);
  const json = await runCli(['report', ...args, '--output', `${output}-again`, '--json']);
  expect(json.code).toBe(code);
  const read = (file: string) => readFileSync(join(output, file), 'utf8');
  return {
    ...{ code, terminal: stdout, html: read('report.html') },
    report: JSON.parse(read('report.json')) as Report,
    document: JSON.parse(json.stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>,
  };
}

function written(of: LevelCase, i: number): readonly string[] {
  const directory = join(folder, `case-${i}`);
  mkdirSync(directory);
  const { reserves, addresses } = of.made();
  writeFileSync(join(directory, 'reserves.json'), reserves);
  writeFileSync(join(directory, 'reserve-addresses.ndjson'), addresses);
  const { blocks = CONFIRMED, tokens } = of;
  const args = Object.entries(blocks).flatMap(([network, hash]) => ['--block', `${network}=${hash}`]);
  if (!tokens) return [directory, '--operator', OPERATOR_KEY, ...args];
  writeFileSync(join(directory, 'tokens.json'), JSON.stringify(tokens));
  return [directory, '--operator', OPERATOR_KEY, ...args, '--tokens', join(directory, 'tokens.json')];
}

test.each(LEVEL_CASES.map((of, i) => [of.name, of, i] as const))(
  '%s: the same level and reason in the terminal, in --json and in both reports',
  async (_, of, i) => {
    const { code, terminal, html, report, document } = await reported(`report-${i}`, written(of, i));
    expect(code).toBe(0);
    expect(report.reasons).toEqual(document.reasons);
    const { proved, checked, claimed } = (document.assets as Record<string, Record<string, string>>)[
      of.symbol
    ]!;
    expect(report.assets!.find(({ symbol }) => symbol === of.symbol)).toMatchObject({
      proved,
      checked,
      claimed,
    });
    const levels = Object.entries({ proved, checked, claimed }).filter(([, amount]) => amount !== '0');
    expect(levels.map(([level]) => level)).toEqual([of.level]);
    for (const [reason, words] of Object.entries(REASON_WORDS)) {
      const said = report.reasons![reason] !== undefined;
      expect([reason, terminal.includes(words), html.includes(words)]).toEqual([reason, said, said]);
    }
    if (of.reason !== undefined) expect(report.reasons![of.reason]).toBeGreaterThan(0);
  },
);

const vector = (name: string, ...more: string[]) => {
  const { args } = JSON.parse(readFileSync(join(PUBLICATIONS, name, 'expected.json'), 'utf8')) as {
    readonly args: { readonly operator: string; readonly block?: readonly string[] };
  };
  const blocks = (args.block ?? []).flatMap((one) => ['--block', one]);
  // The manifest lies beside.
  return [join(PUBLICATIONS, name), '--operator', args.operator, ...blocks, ...more];
};

test.each([
  ['token-proved', 'covered', 0],
  ['attested', 'claimed', 0],
  ['made-up-block', 'claimed', 0],
] as const)('%s: %s, in the terminal as in print', async (name, verdict, exit) => {
  const { code, terminal, html, report, document } = await reported(name, vector(name));
  expect(code).toBe(exit);
  expect(document.solvency).toMatchObject({ verdict });
  expect(report.verdict).toBe(verdict);
  expect(html).toContain(`data-verdict="${verdict}"`);
  expect(terminal).toContain(`Compared with what is owed: ${verdict}`);
  // What is owed is the operator's word in all of them.
  expect(html).not.toContain('class="verdict good"');
  expect(html).toContain('data-check="liabilities" data-done="false"');
});

test('one that is refused has its report, with the reason, and the exit code of what is wrong', async () => {
  const { code, html, report, document } = await reported('refused', vector('token-one-more'));
  expect(code).toBe(1);
  expect(report).toMatchObject({ outcome: 'wrong', code: document.code, reason: document.reason });
  expect(html).toContain('nothing in it is shown');
  expect(html).not.toContain('data-verdict');
});

test('one whose block a node contradicts has its report, as one whose lines it does', async () => {
  const { url } = await stub((_, body) => {
    const calls = JSON.parse(body) as readonly {
      readonly id: number;
      readonly method: string;
      readonly params: readonly string[];
    }[];
    const other = { hash: `0x${'00'.repeat(32)}`, number: '0x0', timestamp: '0x0' };
    const answers = calls.map(({ id, method, params: [height] }) => ({
      id,
      result: method === 'eth_chainId' ? '0x1' : { ...other, number: height },
    }));
    return { body: JSON.stringify(answers) };
  });
  const args = vector('token-proved', '--node', `eip155:1=${url}`);
  const { code, html, report, document } = await reported('contradicted', args);
  expect(code).toBe(1);
  expect(report).toMatchObject({ outcome: 'wrong', code: 'NODE_CONTRADICTS', reason: document.reason });
  expect(html).toContain('nothing in it is shown');
});

test('a node that gives no answer is named in every report, with the reason and without its URL', async () => {
  const args = vector('token-proved', '--node', 'eip155:1=http://127.0.0.1:1/v3/0123456789abcdef');
  const { terminal, html, report, document } = await reported('silent', args);
  expect(document.unanswered).toMatchObject([{ network: 'eip155:1', code: 'NODE_UNREACHABLE' }]);
  expect(report).toMatchObject({ unanswered: document.unanswered });
  const [{ message }] = document.unanswered as readonly [{ readonly message: string }];
  for (const said of [terminal, html]) expect(said).toContain(message);
  expect(terminal + html + JSON.stringify([report, document])).not.toContain('0123456789abcdef');
});

test('a word that is no form, and a requirement that is not met', async () => {
  const wrong = await runCli(['report', ...vector('token-proved', '--only', 'pdf')]);
  expect([wrong.code, wrong.stdout + wrong.stderr]).toEqual([2, expect.stringContaining('html, json')]);
  const missed = vector(
    'attested',
    '--require',
    'covered',
    '--only',
    'json',
    '--output',
    join(folder, 'missed'),
  );
  expect((await runCli(['report', ...missed])).code).toBe(1);
});
