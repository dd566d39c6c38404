// The broker's jars: fetched once from Maven Central into .cache/kafka, found there afterwards without Maven
// or a network, and run only where they are those of jars.sha256.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const pom = join(here, 'pom.xml');
/** SHA-256 of every jar, as `sha256sum` writes and checks it: whoever changes pom.xml makes it anew. */
const SUMS = join(here, 'jars.sha256');
/** Kafka 4 needs it. */
const JAVA_MAJOR = 17;

/** Where the jars lie or will lie: another folder for each pom. */
export function jarFolder() {
  const digest = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(here, '../../.cache/kafka', digest);
}

/** Why no broker can run on this machine; undefined when one can. */
export function whyNoKafka() {
  const java = spawnSync(javaProgram(), ['-version'], { encoding: 'utf8' });
  const major = Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1] ?? 0);
  if (major < JAVA_MAJOR)
    return `Java ${JAVA_MAJOR} or newer is needed (${major ? `this is ${major}` : 'there is none'})`;
  if (existsSync(jarFolder())) return undefined;
  const maven = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  return maven.status === 0 ? undefined : 'Maven is needed, once, to fetch the jars';
}

export function javaProgram() {
  return process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
}

/**
 * Fetches the jars when they are not there yet (43 MB, 10 s). They appear under their name at once or not at
 * all, so two processes may fetch side by side.
 * @returns {Promise<string>} the folder
 * @throws Error where a jar is another than that of jars.sha256, one is missing, or there is one more
 */
export async function fetchJars() {
  const folder = jarFolder();
  if (existsSync(folder)) {
    refuseOtherJars(folder);
    return folder;
  }
  mkdirSync(dirname(folder), { recursive: true });
  const making = mkdtempSync(`${folder}.making-`);
  try {
    await run('mvn', [
      ...['-q', '-B', '-f', pom, 'dependency:copy-dependencies'],
      ...[`-DoutputDirectory=${making}`, '-DincludeScope=runtime'],
    ]);
    refuseOtherJars(making);
    try {
      renameSync(making, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error; // else another process was first
    }
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/**
 * What Maven resolves is pinned by content, not by version alone.
 * @param {string} folder
 * @param {string} sums lines of `sha256sum`
 */
export function refuseOtherJars(folder, sums = readFileSync(SUMS, 'utf8')) {
  const expected = new Map(
    sums
      .trimEnd()
      .split('\n')
      .map((line) => /** @type {[string, string]} */ (line.split(/\s+/).reverse())),
  );
  const found = readdirSync(folder);
  const wrong = [
    ...found.filter((name) => expected.get(name) !== sha256(join(folder, name))),
    ...[...expected.keys()].filter((name) => !found.includes(name)),
  ];
  if (wrong.length > 0)
    throw new Error(
      `${folder} has not the jars of infra/kafka/jars.sha256: ${wrong.join(', ')}. Remove the folder and fetch them again; if that does not help, somebody serves other jars`,
    );
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** @returns {Promise<void>} */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output = (output + chunk).slice(-4000)));
    child.once('error', (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} failed (${code}):\n${output}`)),
    );
  });
}
