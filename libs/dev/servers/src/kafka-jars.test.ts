import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const KAFKA = join(__dirname, '../../../../infra/kafka');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'solvent-jars-'));
  for (const name of ['a.jar', 'b.jar']) writeFileSync(join(folder, name), name);
});
afterEach(() => rmSync(folder, { recursive: true }));

const sums = ['a.jar', 'b.jar']
  .map((name) => `${createHash('sha256').update(name).digest('hex')}  ${name}\n`)
  .join('');

/** What stands on standard error; nothing where the jars are accepted. */
function refusal(): string {
  const script = `import(${JSON.stringify(pathToFileURL(join(KAFKA, 'jars.mjs')).href)})
    .then(({ refuseOtherJars }) => refuseOtherJars(...process.argv.slice(1)))`;
  return spawnSync(process.execPath, ['-e', script, folder, sums], { encoding: 'utf8' }).stderr;
}

test('the jars that are named are accepted', () => {
  expect(refusal()).toBe('');
});

test('a jar with other content, one more, and one that is missing are refused by name', () => {
  writeFileSync(join(folder, 'a.jar'), 'another');
  expect(refusal()).toMatch(/has not the jars of infra\/kafka\/jars.sha256: a\.jar\. Remove/);
  writeFileSync(join(folder, 'a.jar'), 'a.jar');
  writeFileSync(join(folder, 'c.jar'), 'c');
  rmSync(join(folder, 'b.jar'));
  expect(refusal()).toContain(': c.jar, b.jar. ');
});

test('every jar of the broker is named, in the form of sha256sum', () => {
  const lines = readFileSync(join(KAFKA, 'jars.sha256'), 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.length).toBeGreaterThan(40);
  for (const line of lines) expect(line).toMatch(/^[0-9a-f]{64} {2}[\w.-]+\.jar$/);
});
