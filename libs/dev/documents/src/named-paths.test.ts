import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { commentsOf, headingsOf, linksOf, pathsIn } from './named-paths';

const root = join(__dirname, '../../../..');
const files = trackedFiles();
const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const documents = files.filter((file) => file.endsWith('.md'));
const sources = files.filter(
  (file) =>
    /\.(tsx?|[cm]?js|ya?ml|sql|prisma|sh|css|Dockerfile)$/.test(file) && !file.startsWith('test-vectors/'),
);

/** What the build writes, and is not in a clean clone. */
const MADE = /\/(dist|generated|node_modules)(\/|$)/;
/** Somebody else's repository has it. */
const OF_OTHERS = new Set(['docs/guides/operator.md: scripts/gen_test_data.py']);

/** Committed, or about to be. */
function trackedFiles(): string[] {
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    ...{ cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  });
  return stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

function foldersOf(file: string): string[] {
  const folder = posix.dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

/** A file may be named without how its name ends, as jest takes it. */
const exists = (path: string) => known.has(path) || files.some((file) => file.startsWith(`${path}.`));

const missing = (file: string, text: string) =>
  pathsIn(text)
    .filter((path) => !MADE.test(path) && !exists(path))
    .map((path) => `${file}: ${path}`)
    .filter((fault) => !OF_OTHERS.has(fault));

test('every link of a document leads to a file, and to a heading that is there', () => {
  expect(documents.length).toBeGreaterThan(30);
  const faults = documents.flatMap((document) =>
    linksOf(document, read(document))
      .filter(
        ({ path, heading }) =>
          !known.has(path) || (heading !== undefined && !headingsOf(read(path)).has(heading)),
      )
      .map(({ path, heading }) => `${document}: ${path}${heading === undefined ? '' : `#${heading}`}`),
  );
  expect(faults).toEqual([]);
});

// Four that nothing showed were drawn again with each change of the page.
test('every picture is shown by a document', () => {
  const shown = new Set(
    documents.flatMap((document) => linksOf(document, read(document)).map(({ path }) => path)),
  );
  const pictures = files.filter((file) => file.startsWith('docs/images/'));
  expect(pictures.length).toBeGreaterThan(5);
  expect(pictures.filter((file) => !shown.has(file))).toEqual([]);
});

test('every path that a document names is there', () => {
  expect(documents.flatMap((document) => missing(document, read(document)))).toEqual([]);
});

test('every path that a comment names is there', () => {
  expect(sources.length).toBeGreaterThan(1000);
  expect(sources.flatMap((source) => missing(source, commentsOf(read(source))))).toEqual([]);
});

test('every module and setting that a document names is there', () => {
  const names = new Set(files.map((file) => posix.basename(file)));
  const code = sources.map(read).join('\n');
  const faults = documents.flatMap((document) => {
    const text = read(document);
    const modules = [...text.matchAll(/(?<=[`/])[\w-][\w.-]*\.tsx?(?=`)/g)].map(([name]) => name);
    const settings = [...text.matchAll(/\bSOLVENT_[A-Z0-9_]*[A-Z0-9](?![A-Z0-9_]*[_…*])/g)].map(
      ([name]) => name,
    );
    return [
      ...modules.filter((name) => !names.has(name)),
      ...settings.filter((name) => !code.includes(name.replace(/_FILE$/, ''))),
    ].map((name) => `${document}: ${name}`);
  });
  expect(faults).toEqual([]);
});

test('every setting of a service is said in a document', () => {
  const text = documents.map(read).join('\n');
  const services = sources.filter((file) => /^libs\/services\/.*(?<!\.test)\.ts$/.test(file));
  const settings = services.flatMap((file) =>
    [...read(file).matchAll(/^\s+(SOLVENT_[A-Z_]+):/gm)].map(([, name]) => name!),
  );
  expect(settings.length).toBeGreaterThan(40);
  expect(settings.filter((name) => !text.includes(name))).toEqual([]);
});

test('links, headings and paths are found', () => {
  const markdown =
    'See [a](b.md#two-words), ![p](../x.svg), [w](https://a.b/c.md), [h](#h).\n```md\n[no](no.md)\n```\n## Two `words`!\n';
  expect(linksOf('docs/a.md', markdown)).toEqual([
    { path: 'docs/b.md', heading: 'two-words' },
    { path: 'x.svg' },
    { path: 'docs/a.md', heading: 'h' },
  ]);
  expect(headingsOf(markdown)).toEqual(new Set(['two-words']));
  expect(pathsIn('`libs/x/y.ts`, ../docs/z.md. libs/*/a and @scope/libs/a, https://b/docs/c')).toEqual([
    'libs/x/y.ts',
    'docs/z.md',
  ]);
  expect(commentsOf("const a = 'no'; // a b\n * c\n# d\n")).toBe('a b\nc\nd');
});
