import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMutant, mutantsOf, mutate, type Mutant } from './mutants';
import { MutantRunner } from './pool';
import { shuffled } from './shuffled';
import { sourcesOf, TARGETS, unitsOf, type Target, type Unit } from './units';

export interface RunOptions {
  readonly root: string;
  /** The bundle of worker.ts. */
  readonly worker: string;
  /** What is mutated and run, in place of {@link TARGETS}. */
  readonly targets?: readonly Target[];
  /** Only files whose path begins with one of these; all where there are none. */
  readonly only: readonly string[];
  /**
   * Ends with the mutants that were tried by then; what it takes to run everything once without a mutant
   * comes on top.
   */
  readonly minutes: number;
  /** At most so many mutants. */
  readonly sample: number;
  /** Chooses which mutants come first. */
  readonly seed: number;
  /** Processes side by side. */
  readonly jobs: number;
  /** Tests of one mutant that together take longer, without it, are left out, the dearest first. */
  readonly secondsPerMutant: number;
  /**
   * A unit may take five times its time and so much more before its mutant counts as one that never ends
   * (4000).
   */
  readonly graceMilliseconds?: number;
  /** Only mutants that this says yes to. */
  readonly chosen?: (file: string, description: string) => boolean;
  /** Runs only vectors and test files whose name begins with one of these. */
  readonly units?: readonly string[];
  /** Ends with the mutants that were tried by then. */
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
}

export type Status = 'killed' | 'survived' | 'not reached';

export interface Result {
  readonly file: string;
  readonly line: number;
  readonly description: string;
  readonly status: Status;
  /** The unit that told, and what it said. */
  readonly by?: string;
  readonly how?: string;
  /** Units that would have reached it and were too dear. */
  readonly leftOut: number;
}

export interface Report {
  readonly seed: number;
  /** Mutants that there are in the chosen files, tried or not, by file. */
  readonly mutants: Readonly<Record<string, number>>;
  readonly results: readonly Result[];
}

/** Milliseconds from which a unit is timed twice. */
const DEAR_MS = 300;

interface Numbered {
  readonly id: number;
  readonly mutant: Mutant;
  readonly text: string;
}

/**
 * Mutates the chosen files and runs what reaches each mutant, up to the first unit that tells it from the
 * original.
 */
export async function runMutants(options: RunOptions): Promise<Report> {
  const results: Result[] = [];
  const counts: Record<string, number> = {};
  const targets = (options.targets ?? Object.values(TARGETS)).map((target) => ({
    target,
    all: mutantsIn(target, options),
  }));
  for (const { all } of targets)
    for (const { mutant } of all) counts[mutant.file] = (counts[mutant.file] ?? 0) + 1;
  const total = targets.reduce((sum, { all }) => sum + all.length, 0);
  for (const { target, all } of targets) {
    if (all.length === 0) continue;
    // Each target gets its part of the time and of the sample.
    const part = all.length / total;
    const sample = shuffled(all, options.seed).slice(0, Math.ceil(options.sample * part));
    results.push(...(await runTarget(target, sample, part * options.minutes, options)));
  }
  return { seed: options.seed, mutants: counts, results };
}

function mutantsIn(target: Target, { root, only, chosen }: RunOptions): Numbered[] {
  return sourcesOf(root, target)
    .filter((file) => only.length === 0 || only.some((prefix) => file.startsWith(prefix)))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return mutantsOf(file, text)
        .filter((mutant) => !chosen || chosen(file, describeMutant(text, mutant)))
        .map((mutant) => ({ mutant, text }));
    })
    .map(({ mutant, text }, id) => ({ id, mutant, text }));
}

async function runTarget(
  target: Target,
  sample: readonly Numbered[],
  minutes: number,
  options: RunOptions,
): Promise<Result[]> {
  const { root, worker, jobs, say } = options;
  const commitments = mkdtempSync(join(tmpdir(), 'solvent-mutation-'));
  const workerOptions = { root, worker, ...(target.keepsCommitments ? { commitments } : {}) };
  const runners = Array.from({ length: jobs }, () => new MutantRunner(workerOptions));
  try {
    const reaching = await measure(runners[0]!, target, sample, options);
    const deadline = performance.now() + minutes * 60_000;
    const order = new UnitOrder();
    const waiting = [...sample];
    const results: Result[] = [];
    await Promise.all(
      runners.map(async (runner) => {
        const goesOn = () => performance.now() < deadline && !options.signal?.aborted;
        for (let next = waiting.shift(); next && goesOn(); next = waiting.shift()) {
          const result = await tryOne(runner, next, reaching.get(next.id) ?? [], order, options);
          results.push(result);
          const { status, file, line, description } = result;
          if (status !== 'killed') say(`${status}: ${file}:${line} ${description}`);
          if (results.length % 100 === 0) say(`${results.length} of ${sample.length} mutants`);
        }
      }),
    );
    return results;
  } finally {
    for (const runner of runners) runner.close();
    rmSync(commitments, { recursive: true, force: true });
  }
}

interface Timed {
  readonly unit: Unit;
  readonly milliseconds: number;
}

/** Runs everything once without a mutant. @returns the units that reach each mutant */
async function measure(
  runner: MutantRunner,
  target: Target,
  sample: readonly Numbered[],
  { root, say, units: chosen }: RunOptions,
): Promise<Map<number, Timed[]>> {
  const units = unitsOf(root, target).filter(
    ({ name }) => !chosen || chosen.some((prefix) => name.startsWith(prefix)),
  );
  const files = [...new Set(sample.map(({ mutant }) => mutant.file))].map((file) => {
    const own = sample.filter(({ mutant }) => mutant.file === file);
    return { file, text: own[0]!.text, numbered: own.map(({ id, mutant }) => [id, mutant] as const) };
  });
  say(`running ${units.length} vectors and test files without a mutant …`);
  const noted = await runner.measure(units, files, ({ failure }, { name, kind }) => {
    if (failure === undefined) return;
    // Without the vectors nearly every mutant would count as not reached.
    if (kind === 'vector') throw new Error(`${name} fails without a mutant: ${failure}`);
    say(`left out, for it fails by itself: ${name}: ${failure}`);
  });
  // What is dear is timed once more: without notes, and with the commitments that are kept.
  const dear = units.filter((_, i) => noted[i]!.milliseconds > DEAR_MS && noted[i]!.failure === undefined);
  const again = await runner.measure(dear, []);
  const prices = new Map(units.map((unit, i) => [unit, noted[i]!.milliseconds]));
  dear.forEach((unit, i) => prices.set(unit, Math.min(prices.get(unit)!, again[i]!.milliseconds)));
  const sum = [...prices.values()].reduce((a, b) => a + b, 0);
  say(`all of them take ${Math.round(sum / 1000)} s; ${sample.length} mutants`);

  const reaching = new Map<number, Timed[]>();
  noted.forEach(({ reached, failure }, i) => {
    if (failure !== undefined) return;
    for (const id of reached) {
      const list = reaching.get(id) ?? [];
      reaching.set(id, list);
      list.push({ unit: units[i]!, milliseconds: prices.get(units[i]!)! });
    }
  });
  return reaching;
}

async function tryOne(
  runner: MutantRunner,
  { mutant, text }: Numbered,
  reaching: readonly Timed[],
  order: UnitOrder,
  { secondsPerMutant, graceMilliseconds = 4000 }: RunOptions,
): Promise<Result> {
  const { file, line } = mutant;
  const description = describeMutant(text, mutant);
  if (reaching.length === 0) return { file, line, description, status: 'not reached', leftOut: 0 };
  const units = order.of(file, reaching, 1000 * secondsPerMutant);
  const { by, how } = await runner.try({ file, text: mutate(text, mutant), units, graceMilliseconds });
  const leftOut = reaching.length - units.length;
  if (by === undefined || how === undefined) return { file, line, description, status: 'survived', leftOut };
  order.told(file, by);
  return { file, line, description, status: 'killed', by, how, leftOut: 0 };
}

/** Which units come first: cheap ones, tests beside the file, and what told mutants of it before. */
class UnitOrder {
  readonly #told = new Map<string, number>();

  told(file: string, unit: string): void {
    const key = `${file} ${unit}`;
    this.#told.set(key, (this.#told.get(key) ?? 0) + 1);
  }

  of(file: string, units: readonly Timed[], most: number): Timed[] {
    const price = ({ unit: { name }, milliseconds }: Timed) =>
      (milliseconds + 1) / (1 + 20 * ((this.#told.get(`${file} ${name}`) ?? 0) + likely(file, name)));
    const sorted = units.map((timed) => ({ timed, price: price(timed) })).sort((a, b) => a.price - b.price);
    let spent = 0;
    return sorted.flatMap(({ timed }) => ((spent += timed.milliseconds) <= most ? [timed] : []));
  }
}

/**
 * How many mutants a test is taken to have told before the first one: nothing is likelier to tell them than
 * the test of the file.
 */
function likely(file: string, unit: string): number {
  if (unit === file.replace(/\.ts$/, '.test.ts')) return 50;
  return unit.slice(0, unit.lastIndexOf('/')) === file.slice(0, file.lastIndexOf('/')) ? 5 : 0;
}
