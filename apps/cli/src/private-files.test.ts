import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, temporaryFolder } from '../testing/run-cli';

/** Balances are their owners' business, whatever mask the shell of whoever runs a command has. */

const root = temporaryFolder();
const path = (...names: string[]) => join(root, ...names);
let mask: number;
beforeAll(() => (mask = process.umask(0)));
afterAll(() => process.umask(mask));

async function run(...args: string[]): Promise<void> {
  const { code, stderr } = await runCli(args);
  expect([args[0], code, code === 0 ? '' : stderr]).toEqual([args[0], 0, '']);
}

const mode = (file: string) => statSync(file).mode & 0o777;

/** Every file at or below a path, and every folder. */
function* below(start: string): Generator<{ readonly name: string; readonly folder: boolean }> {
  const folder = statSync(start).isDirectory();
  yield { name: start, folder };
  if (folder) for (const name of readdirSync(start)) yield* below(join(start, name));
}

/** Published: they show no account. */
const PUBLIC = /(manifest\.json|snapshot\.json|global-proof\.ndjson|\.solvent-lock)$/;

function expectPrivate(...starts: string[]): void {
  for (const start of starts)
    for (const { name, folder } of below(start))
      if (!PUBLIC.test(name)) expect([name, mode(name).toString(8)]).toEqual([name, folder ? '700' : '600']);
}

it('what shows balances is written 0600, in folders 0700, by every command', async () => {
  const size = ['--accounts', '12', '--assets', '2', '--mode', 'spot'];
  await run('generate', ...size, '--output', path('input'));
  expectPrivate(path('input'));
  const config = path('input', 'snapshot.json');
  const given = ['--input', path('input', 'accounts'), '--config', config];
  await run('prove', ...given, '--output', path('out'), '--workers', '1');
  expectPrivate(path('out', 'witness'));

  const [id] = JSON.parse(
    JSON.stringify(/"id":"([0-9a-f]{64})"/.exec(readAll(path('input', 'accounts')))?.slice(1) ?? []),
  ) as string[];
  const witness = ['--witness', path('out', 'witness')];
  await run('prove-user', ...witness, '--key', id!, '--output', path('one'));
  await run('prove-user', ...witness, '--all', '--output', path('all'));
  mkdirSync(path('lines'), { mode: 0o700 });
  for (const name of ['all.ndjson', 'all.ndjson.gz'])
    await run('prove-user', ...witness, '--all', '--format', 'ndjson', '--output', path('lines', name));
  expectPrivate(path('one'), path('all'), path('lines'));

  // A proof that a program saved in its own way, for everybody to read.
  const [proof] = [...below(path('one'))].filter(({ name, folder }) => !folder && !PUBLIC.test(name));
  mkdirSync(path('saved'), { mode: 0o700 });
  const saved = path('saved', 'proof.json');
  writeFileSync(saved, JSON.stringify(JSON.parse(readFileSync(proof!.name, 'utf8')), null, 2), {
    mode: 0o666,
  });
  await run('normalise', saved, '--output', path('saved', 'again.json'));
  expect(mode(path('saved', 'again.json')).toString(8)).toBe('600');
  await run('normalise', saved);
  expectPrivate(path('saved'));

  const plain = { ...(JSON.parse(readFileSync(config, 'utf8')) as object), accountIds: 'plain' };
  writeFileSync(path('input', 'plain.json'), JSON.stringify(plain));
  await run(
    'ids',
    '--input',
    path('input', 'accounts'),
    '--config',
    path('input', 'plain.json'),
    '--output',
    path('joined'),
  );
  expectPrivate(path('joined'));
});

function readAll(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}
