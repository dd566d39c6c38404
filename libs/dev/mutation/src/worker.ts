import type * as native from '@solvent-por/kzg/native';
import type * as algebra from '@solvent-por/kzg';
import type * as testing from '@solvent-por/dev/proofs';
import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import { HIT, instrument } from './instrument';
import { ModuleSpace } from './module-space';
import type { Mutant } from './mutants';
import { installJest, runTestFile } from './test-file';
import type { Unit } from './units';

/**
 * A process that runs units against one mutant after another; a runaway mutant ends it. See pool.ts for its
 * other half.
 */

/** What it is asked. */
export type Request =
  /** Run each unit of the unchanged code. With `files`, say which mutants it reaches. */
  | { readonly kind: 'measure'; readonly units: readonly Unit[]; readonly files: readonly InstrumentedFile[] }
  /** Run units in order, up to the first that tells. */
  | {
      readonly kind: 'try';
      readonly file: string;
      readonly text: string;
      readonly units: readonly { readonly unit: Unit; readonly milliseconds: number }[];
      readonly graceMilliseconds: number;
    };

export interface InstrumentedFile {
  readonly file: string;
  readonly text: string;
  readonly numbered: readonly (readonly [number, Mutant])[];
}

export interface Measured {
  readonly kind: 'measured';
  readonly milliseconds: number;
  /** Numbers of mutants that the unit reached. */
  readonly reached: readonly number[];
  /** Why it fails by itself. */
  readonly failure?: string;
}

/** What it answers: a Measured for each unit in turn, or one Tried. */
export type Reply = { readonly kind: 'ready' } | Measured | Tried;

export interface Tried {
  readonly kind: 'tried';
  /** Which of the units told, and how; absent where none did. */
  readonly by?: string;
  readonly how?: string;
}

const root = process.argv[2]!;
const space = new ModuleSpace(root);

let reached = new Set<number>();
/** Reached while a file was loaded: once for all who import it. */
const constant = new Set<number>();
Object.assign(globalThis, {
  [HIT]: (...ids: number[]) => {
    for (const id of ids) (space.isLoading ? constant : reached).add(id);
  },
});

/**
 * Ends this process when it has used so much processor time; from outside, as a loop that never ends lets
 * nothing else run.
 */
const limit = new Float64Array(new SharedArrayBuffer(8));
limit[0] = Infinity;
new Worker(
  `const { workerData: limit } = require('node:worker_threads');
  setInterval(() => {
    const { user, system } = process.cpuUsage();
    if ((user + system) / 1000 > limit[0]) process.kill(process.pid, 'SIGKILL');
  }, 50);`,
  { eval: true, workerData: limit },
).unref();

const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const vectors = new Map<string, testing.Vector[]>();

/** @returns why the unit fails; undefined where it holds */
async function runUnit(unit: Unit): Promise<string | undefined> {
  try {
    if (unit.kind === 'test') return await runTestFile(space, unit.file);
    const { loadVectors, runVector, expectedOutcome } = space.load<typeof testing>('@solvent-por/dev/proofs');
    const kzg =
      unit.backend === 'native'
        ? space.load<typeof native>('@solvent-por/kzg/native').nativeVerifier()
        : space.load<typeof algebra>('@solvent-por/kzg').nobleVerifier();
    const { functionName } = unit;
    if (!vectors.has(functionName)) vectors.set(functionName, loadVectors(functionName));
    const vector = vectors.get(functionName)![unit.index]!;
    const outcome = await runVector(functionName, vector, kzg);
    return isDeepStrictEqual(outcome, expectedOutcome(vector)) ? undefined : 'another outcome';
  } catch (error) {
    return error instanceof Error ? error.message.split('\n', 1)[0]!.slice(0, 120) : String(error);
  }
}

async function measure(unit: Unit): Promise<Measured> {
  reached = new Set();
  const start = processorTime();
  const failure = await runUnit(unit);
  const milliseconds = processorTime() - start;
  const numbers = [...reached, ...constant];
  return { kind: 'measured', milliseconds, reached: numbers, ...(failure === undefined ? {} : { failure }) };
}

async function tryMutant({
  file,
  text,
  units,
  graceMilliseconds,
}: Request & { kind: 'try' }): Promise<Tried> {
  space.setText(file, text);
  try {
    for (const { unit, milliseconds } of units) {
      limit[0] = processorTime() + 5 * milliseconds + graceMilliseconds;
      const how = await bounded(runUnit(unit), 30 * milliseconds + 60_000);
      if (how !== undefined) return { kind: 'tried', by: unit.name, how };
    }
    return { kind: 'tried' };
  } finally {
    limit[0] = Infinity;
    space.setText(file, undefined);
  }
}

/** For what waits without using the processor; a promise that is given up on ends with the process. */
async function bounded<T>(work: Promise<T>, milliseconds: number): Promise<T | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('time-out'), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function serve(request: Request): Promise<void> {
  const send = (reply: Reply) => process.send!(reply);
  if (request.kind === 'try') return void send(await tryMutant(request));
  for (const { file, text, numbered } of request.files) space.setText(file, instrument(text, numbered));
  constant.clear();
  for (const unit of request.units) send(await measure(unit));
  for (const { file } of request.files) space.setText(file, undefined);
}

installJest();
// Ctrl-C goes to every process of a terminal: ending is for who started this one.
process.on('SIGINT', () => undefined);
process.on('message', (request: Request) => void serve(request));
// c-kzg's set-up takes a second: it is read once, and pairs from then on.
void space
  .load<typeof native>('@solvent-por/kzg/native')
  .loadCommitter()
  .then(() => process.send!({ kind: 'ready' } satisfies Reply));
