import { build, transformSync } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { HIT, instrument } from './instrument';
import { mutantsOf, mutate } from './mutants';
import { unexplained } from './report';
import { runMutants, type Report } from './run';
import { sourcesOf, TARGETS } from './units';

const root = join(__dirname, '../../../..');
const FILE = 'libs/testing/mutation/fixture/clamp.ts';

describe('the runner over a small file', () => {
  // Within the repository, so that its packages are found from there.
  const bundle = join(root, `dist/mutation-test-${process.pid}`);
  let report: Report;

  beforeAll(async () => {
    await build({
      entryPoints: { worker: join(__dirname, 'worker.ts') },
      outdir: bundle,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      logLevel: 'warning',
    });
    const folder = 'libs/testing/mutation/fixture';
    report = await runMutants({
      root,
      worker: join(bundle, 'worker.cjs'),
      targets: [{ sources: [folder], tests: [folder], backends: [], keepsCommitments: false }],
      only: [],
      minutes: 5,
      sample: Infinity,
      seed: 1,
      jobs: 1,
      secondsPerMutant: 60,
      graceMilliseconds: 500,
      say: () => undefined,
    });
  });
  afterAll(() => rmSync(bundle, { recursive: true, force: true }));

  const those = (status: string) =>
    report.results.filter((result) => result.status === status).map(({ description }) => description);

  test('tries every mutant once, and kills those that change a result', () => {
    expect(report.results).toHaveLength(report.mutants[FILE]!);
    expect(those('killed')).toEqual(
      expect.arrayContaining([
        'condition: if (⟦value < least → false⟧) return least;',
        'operator: return value ⟦> → <=⟧ most ? most : value;',
        'constant: let count = ⟦0 → 1⟧;',
      ]),
    );
  });

  test('ends a mutant that never ends, and counts it as killed', () => {
    const endless = report.results.find(({ description }) => description.includes('odd ⟦+= → -=⟧ 2'));
    expect(endless).toMatchObject({ status: 'killed', by: 'the process' });
  });

  test('lets live what no test can tell, until it is explained', () => {
    const survivors = those('survived');
    expect(survivors.sort()).toEqual([
      'operator: if (value ⟦< → <=⟧ least) return least;',
      'operator: return value ⟦> → >=⟧ most ? most : value;',
    ]);
    const explained = survivors.map((mutant) => ({ file: FILE, mutant, why: 'the bound itself either way' }));
    expect(unexplained(report, explained).map(({ status }) => status)).toEqual([
      'not reached',
      'not reached',
    ]);
  });

  test('says of what no test calls that it is not reached', () => {
    expect(those('not reached').sort()).toEqual(['constant: return ⟦7 → 6⟧;', 'constant: return ⟦7 → 8⟧;']);
  });
});

const sources = Object.values(TARGETS).flatMap((target) => sourcesOf(root, target));

test.each(sources)('%s can be run with notes at every mutant', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const numbered = mutantsOf(file, text).map((mutant, id) => [id, mutant] as const);
  expect(() => transformSync(instrument(text, numbered), { loader: 'ts' })).not.toThrow();
});

test('a list that is assigned to is no list without a member', () => {
  const text = '[a, b] = [b, a]; [[c], d] = e; f = [g, h];';
  const all = mutantsOf('x.ts', text).filter(({ operator }) => operator === 'member left out');
  expect(all.map((mutant) => mutate(text, mutant))).toEqual([
    '[a, b] = [a]; [[c], d] = e; f = [g, h];',
    '[a, b] = [b]; [[c], d] = e; f = [g, h];',
    '[a, b] = [b, a]; [[c], d] = e; f = [h];',
    '[a, b] = [b, a]; [[c], d] = e; f = [g];',
  ]);
});

test('the notes leave an optional chain in one piece', () => {
  const text = 'export const first = (names) => /x(.)/.exec(names)?.slice(1).find((name) => name !== "");';
  const numbered = mutantsOf('x.ts', text).map((mutant, id) => [id, mutant] as const);
  const noted = instrument(text, numbered).replace('export const first =', '');
  const first = runInNewContext(noted, { [HIT]: () => undefined }) as (names: string) => unknown;
  expect([first('xa'), first('a')]).toEqual(['a', undefined]);
});
