import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** From the innermost layer to the outermost; what stands in no folder puts them together. */
const LAYERS = [
  'errors',
  'access',
  'lookup',
  'snapshots',
  'global',
  'verify',
  'claims',
  'reserves',
  'graphql',
  'http',
  '.',
];

/** Its folder of those above. */
function layerOf(file: string): string {
  const [first, ...rest] = relative(__dirname, file).split(sep);
  return rest.length === 0 ? '.' : first!;
}

test('no inner layer of the gateway imports from an outer one', () => {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(__dirname, name));
  const upwards = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']*)'/g)]
      .map(([, path]) => resolve(dirname(file), path!))
      .filter((target) => LAYERS.indexOf(layerOf(target)) > LAYERS.indexOf(layerOf(file)))
      .map((target) => `${relative(__dirname, file)} → ${relative(__dirname, target)}`),
  );
  expect(upwards).toEqual([]);
  expect(new Set(files.map(layerOf))).toEqual(new Set(LAYERS));
});
