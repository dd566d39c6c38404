import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const VECTORS = join(__dirname, '../../../../test-vectors');

/**
 * - `correct`: the function accepts the input; `expected` is its result
 * - `incorrect`: well-formed, and must be found false
 * - `malformed`: must throw
 */
export type VectorKind = 'correct' | 'incorrect' | 'malformed';

export interface Vector {
  readonly kind: VectorKind;
  /** Lower-case words joined by hyphens; with the kind it names the folder. */
  readonly name: string;
  readonly input: unknown;
  readonly expected: unknown;
}

/**
 * The vectors of one function:
 * test-vectors/<functionName>/<correct|incorrect|malformed>-<name>/{input,expected}.json, sorted by folder.
 * @throws Error when there are none, or a folder isn't named or filled as above: a test must not pass by
 *   finding nothing
 */
export function loadVectors(functionName: string): Vector[] {
  const folder = join(VECTORS, functionName);
  const vectors = (existsSync(folder) ? readdirSync(folder).sort() : []).map((directory): Vector => {
    const match = /^(correct|incorrect|malformed)-([a-z0-9-]+)$/.exec(directory);
    if (match === null)
      throw new Error(`test-vectors/${functionName}/${directory} is not named <kind>-<name>`);
    return {
      kind: match[1] as VectorKind,
      name: match[2]!,
      input: readJson(join(folder, directory, 'input.json')),
      expected: readJson(join(folder, directory, 'expected.json')),
    };
  });
  if (vectors.length === 0) throw new Error(`no test vectors in test-vectors/${functionName}`);
  return vectors;
}

/**
 * The vectors of one function, made by code and kept as files for every other implementation. With
 * UPDATE_VECTORS=1 in the environment the function's folder is written anew; without it the files must be
 * what the code makes.
 *
 * @param made must be the same in every run: no randomness, no clock
 * @returns the vectors as they lie on disk
 * @throws Error naming the first vector that differs, is missing or is left over
 */
export function pinnedVectors(functionName: string, made: readonly Vector[]): Vector[] {
  if (process.env.UPDATE_VECTORS === '1') writeVectors(functionName, made);
  const stored = loadVectors(functionName);
  const byFolder = new Map(stored.map((vector) => [folderOf(vector), vector]));
  for (const vector of made) {
    const folder = folderOf(vector);
    if (!isDeepStrictEqual(byFolder.get(folder), JSON.parse(JSON.stringify(vector)))) {
      throw new Error(
        `test-vectors/${functionName}/${folder} is not what the code makes: run with UPDATE_VECTORS=1 and look at the difference`,
      );
    }
    byFolder.delete(folder);
  }
  for (const folder of byFolder.keys())
    throw new Error(`test-vectors/${functionName}/${folder} is no longer made by the code`);
  return stored;
}

function writeVectors(functionName: string, vectors: readonly Vector[]): void {
  const folder = join(VECTORS, functionName);
  rmSync(folder, { recursive: true, force: true });
  for (const vector of vectors) {
    const directory = join(folder, folderOf(vector));
    if (existsSync(directory)) throw new Error(`two vectors are named ${folderOf(vector)}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'input.json'), `${JSON.stringify(vector.input, null, 2)}\n`);
    writeFileSync(join(directory, 'expected.json'), `${JSON.stringify(vector.expected, null, 2)}\n`);
  }
}

function folderOf({ kind, name }: Vector): string {
  return `${kind}-${name}`;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
