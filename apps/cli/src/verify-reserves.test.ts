import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, temporaryFolder } from '../testing/run-cli';

const VECTORS = join(__dirname, '../../../test-vectors/reserves');
const PUBLICATIONS = join(VECTORS, 'publications');
const folder = temporaryFolder();

interface Expected {
  readonly args: Readonly<Record<string, string | readonly string[]>>;
  readonly report: Readonly<Record<string, unknown>>;
}
const names = readdirSync(PUBLICATIONS);
const expectedOf = (name: string) =>
  JSON.parse(readFileSync(join(PUBLICATIONS, name, 'expected.json'), 'utf8')) as Expected;
const EXITS: Readonly<Record<string, number>> = {
  right: 0,
  wrong: 1,
  malformed: 2,
  unchecked: 3,
  unsupported: 3,
};

/** Options as the publication's own arguments say. */
function optionsOf(name: string): string[] {
  return Object.entries(expectedOf(name).args).flatMap(([option, value]) =>
    [value]
      .flat()
      .flatMap((one) => [
        `--${option}`,
        ['manifest', 'previous', 'prices'].includes(option) ? join(PUBLICATIONS, name, one) : one,
      ]),
  );
}

/** Runs with --json; what is on the last line. */
async function lastLine(args: readonly string[]) {
  const { code, stdout, stderr } = await runCli([...args, '--json']);
  expect(stderr).toBe('');
  return { code, document: JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown> };
}
const reserves = (name: string, ...more: readonly string[]) =>
  lastLine(['verify-reserves', join(PUBLICATIONS, name), ...optionsOf(name), ...more]);

test.each(names)('%s: the report, on the last line', async (name) => {
  const { report } = expectedOf(name);
  const { code, document } = await reserves(name);
  expect(document).toMatchObject(report);
  expect(code).toBe(EXITS[report.verdict as string]);
});

test('what is required decides the exit code, and nothing else does', async () => {
  expect(await reserves('verifiers-price', '--require', 'covered:proved')).toMatchObject({
    code: 0,
    document: { required: true },
  });
  expect(await reserves('standing-text', '--require', 'covered')).toMatchObject({
    code: 0,
    document: { required: true },
  });
  const notProved = await reserves('standing-text', '--require', 'covered', '--require', 'covered:proved');
  expect(notProved).toMatchObject({ code: 1, document: { verdict: 'right', required: false } });
  expect(await reserves('attested', '--require', 'covered:claimed')).toMatchObject({
    code: 0,
    document: { required: true },
  });
  expect(await reserves('attested', '--require', 'covered')).toMatchObject({ code: 1 });
  expect(await reserves('attested', '--require', 'liabilities')).toMatchObject({
    code: 1,
    document: { liabilities: 'unproved' },
  });
  expect(await reserves('own-and-staked', '--require', 'covered:claimed')).toMatchObject({ code: 1 });
});

test.each<[string, readonly string[]]>([
  ['a word that is no requirement', ['--require', 'everything']],
  ['a block without a hash', ['--block', 'eip155:1']],
  ['a block of a network that is not listed', ['--block', `litecoin=0x${'11'.repeat(32)}`]],
  ['one block twice', ['--block', `bitcoin=0x${'11'.repeat(32)}`, '--block', `bitcoin=0x${'11'.repeat(32)}`]],
  ['a file that is not there', ['--tokens', join(folder, 'none.json')]],
  ['a proof without a manifest', ['--proof', 'global-proof.ndjson']],
  ['an operator key that is none', ['--operator', '0x12']],
])('%s: exit 2', async (_, more) => {
  const publication = join(PUBLICATIONS, 'made-up-block');
  expect(await lastLine(['verify-reserves', publication, ...more])).toMatchObject({
    code: 2,
    document: { ok: false },
  });
});

test('another hash than the publication’s, and another operator: exit 1', async () => {
  const publication = join(PUBLICATIONS, 'made-up-block');
  for (const more of [
    ['--block', `eip155:1=0x${'11'.repeat(32)}`],
    ['--operator', '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'],
  ])
    expect(await lastLine(['verify-reserves', publication, ...more])).toMatchObject({
      ...{ code: 1, document: { verdict: 'wrong' } },
    });
});

test('a folder without the files, files that are cut off, tokens that are no JSON: exit 2', async () => {
  expect(await lastLine(['verify-reserves', folder])).toMatchObject({
    code: 2,
    document: { verdict: 'malformed' },
  });
  const cut = join(folder, 'cut');
  cpSync(join(PUBLICATIONS, 'chained'), cut, { recursive: true });
  const file = join(cut, 'reserve-addresses.ndjson');
  writeFileSync(file, readFileSync(file).subarray(0, -1));
  expect(await lastLine(['verify-reserves', cut])).toMatchObject({
    code: 2,
    document: { code: 'FILE_CUT_OFF' },
  });
  writeFileSync(join(folder, 'tokens.json'), '{"eip155:1":{}, "eip155:1":{}}');
  expect(await lastLine(['verify-reserves', cut, '--tokens', join(folder, 'tokens.json')])).toMatchObject({
    code: 2,
  });
});

test.each([['--block'], ['--nodes'], ['--node']])(
  'a node’s URL that was given to %s by mistake is repeated to nobody',
  async (option) => {
    const url = 'https://user:sesame@node.example/0123456789abcdef';
    const { code, stdout, stderr } = await runCli(['verify-reserves', folder, option, url, '--json']);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toMatch(/sesame|0123456789abcdef/);
  },
);

test('people are told what is claimed and why, and never that it is covered where it is not', async () => {
  const { code, stdout } = await runCli([
    'verify-reserves',
    join(PUBLICATIONS, 'chained'),
    ...optionsOf('chained'),
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('bitcoin: unconfirmed');
  expect(stdout).toContain('a legacy text, which can be copied');
  expect(stdout).toContain('Compared with what is owed: claimed, not shown: enough only with');
  expect(stdout).not.toContain('covered');
  expect(stdout).toContain('"I am an OKX address"');
});

const evidence = (value: unknown) => {
  const file = join(folder, 'evidence.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  return file;
};

test('one piece of evidence: a verdict and its exit code', async () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(VECTORS, name), 'utf8')) as Readonly<
      Record<string, readonly { id: string; evidence?: unknown; expected: string }[]>
    >;
  const okx = read('okx-vectors.json').vectors!;
  for (const wanted of ['right', 'unchecked', 'unsupported']) {
    const vector = okx.find(({ evidence: of, expected }) => of !== undefined && expected === wanted)!;
    const { code, document } = await lastLine(['verify-evidence', evidence(vector.evidence)]);
    expect({ code, verdict: document.verdict }).toEqual({ code: EXITS[wanted], verdict: wanted });
  }
  const wrong = read('bip322-vectors.json').vectors!.find(
    ({ expected, evidence: of }) => of && expected === 'wrong',
  )!;
  expect(await lastLine(['verify-evidence', evidence(wrong.evidence)])).toMatchObject({
    code: 1,
    document: { verdict: 'wrong' },
  });
  expect(await lastLine(['verify-evidence', evidence('{')])).toMatchObject({
    code: 2,
    document: { verdict: 'malformed' },
  });
  const proof = read('evm-proofs.json').proofs![0]! as unknown as Record<string, string>;
  const { id: _, source: _s, network: _n, expected: _e, ...balance } = proof;
  expect(await lastLine(['verify-evidence', evidence(balance), '--block', balance.block!])).toMatchObject({
    ...{ code: 0, document: { verdict: 'right', block: 'confirmed' } },
  });
});
