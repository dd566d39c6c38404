import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(__dirname, '../../..');
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const read = (folder: string) =>
  JSON.parse(readFileSync(join(project, folder, 'package.json'), 'utf8')) as Manifest;
const root = read('.');
const folders = [
  ...readdirSync(join(project, 'libs/packages')).map((name) => `libs/packages/${name}`),
  'apps/cli',
];

/** What may rest on what (docs/adr/0007): the packages left of a name. */
const ORDER = ['kzg', 'verifier', 'reserves', 'nodes', 'claims', 'snapshot', 'prover'];

test('there are the packages that the decision names', () => {
  expect(folders.map((folder) => read(folder).name).sort()).toEqual(
    ['cli', 'client', ...ORDER].map((name) => `@solvent-por/${name}`).sort(),
  );
});

test.each(folders)(
  '%s has the version, licence and Node of the whole, and asks for the versions tested here',
  (folder) => {
    const { name, version, license, engines, dependencies, optionalDependencies } = read(folder);
    expect({ version, license, engines }).toEqual({
      version: root.version,
      license: root.license,
      engines: root.engines,
    });
    const tested = { ...root.dependencies, ...root.devDependencies, ...root.optionalDependencies };
    for (const [dependency, wanted] of Object.entries({ ...dependencies, ...optionalDependencies }))
      if (dependency.startsWith('@solvent-por/')) {
        const [own, other] = [name, dependency].map((one) => ORDER.indexOf(one.split('/')[1]!));
        expect(other).toBeGreaterThanOrEqual(0);
        expect(other).toBeLessThan(own!);
        expect(wanted).toBe(root.version);
      } else expect({ [dependency]: wanted }).toEqual({ [dependency]: tested[dependency] });
    expect(existsSync(join(project, folder, 'README.md'))).toBe(true);
  },
);
