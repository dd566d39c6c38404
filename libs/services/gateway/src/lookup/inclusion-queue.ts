import { SolventError } from '@solvent-por/kzg';
import type { BatchMaterial } from './batch-materials';
import { Turns } from './turns';

/**
 * @typeParam Material what the rows of a batch are proved from
 * @typeParam Made what is made of a row
 */
export interface InclusionQueueOptions<Material, Made> {
  /** Worker threads behind `prove`. */
  readonly workers: number;
  /** Reads what is the same for all rows of a batch. */
  readonly load: (snapshotId: string, batch: number) => Promise<Material>;
  /** Canonical documents of the rows, in their order. */
  readonly prove: (snapshotId: string, material: Material, rows: readonly number[]) => Promise<Made[]>;
  /** Rows of one task at most: the first of them waits for the last. */
  readonly rowsPerTask?: number;
  /** Rows that may wait before more are refused. */
  readonly mostWaiting?: number;
  /** Of one caller; half of all. */
  readonly mostOfOne?: number;
}

interface Waiting<Made> {
  /** Who asked first. */
  readonly who: string;
  readonly promise: Promise<Made>;
  readonly resolve: (document: Made) => void;
  readonly reject: (error: unknown) => void;
}

interface Group<Made> {
  readonly snapshotId: string;
  readonly batch: number;
  readonly rows: Map<number, Waiting<Made>>;
  /** How many of the rows are whose. */
  readonly held: Map<string, number>;
  running: boolean;
}

/**
 * Proves inclusions a batch at a time: rows of a batch that is being read or proved already are gathered and
 * proved together by its next task, for its cells and its account tree are the same for all of them. Callers
 * have turns: who asks for one row waits for a task of each other caller, not for all that one of them asked for.
 */
export class InclusionQueue<Material = BatchMaterial, Made = Uint8Array> {
  readonly #groups = new Map<string, Group<Made>>();
  readonly #turns = new Turns<Group<Made>>();
  readonly #held = new Map<string, number>();
  readonly #slots: number;
  readonly #rowsPerTask: number;
  readonly #mostWaiting: number;
  readonly #mostOfOne: number;
  #running = 0;
  #waiting = 0;

  constructor(private readonly options: InclusionQueueOptions<Material, Made>) {
    // One more than there are workers: it reads its batch while they prove.
    this.#slots = options.workers + 1;
    this.#rowsPerTask = options.rowsPerTask ?? 16;
    this.#mostWaiting = options.mostWaiting ?? 1024;
    this.#mostOfOne = options.mostOfOne ?? this.#mostWaiting / 2;
  }

  /** Rows asked for and not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * @param who whose turn it takes
   * @throws SolventError LOOKUPS_BUSY (details.retryAfter, seconds)
   */
  prove(who: string, snapshotId: string, batch: number, row: number): Promise<Made> {
    const key = `${snapshotId}/${batch}`;
    let group = this.#groups.get(key);
    const known = group?.rows.get(row);
    if (known) return known.promise;
    if (this.#waiting >= this.#mostWaiting || (this.#held.get(who) ?? 0) >= this.#mostOfOne)
      throw new SolventError('LOOKUPS_BUSY', 'usage', 'too many look-ups wait already; try again soon', {
        retryAfter: 10,
      });
    if (!group) {
      group = { snapshotId, batch, rows: new Map(), held: new Map(), running: false };
      this.#groups.set(key, group);
    }
    const waiting = deferred<Made>(who);
    group.rows.set(row, waiting);
    count(group.held, who, 1);
    count(this.#held, who, 1);
    this.#waiting++;
    this.#turns.add(who, group);
    this.#pump();
    return waiting.promise;
  }

  #pump(): void {
    while (this.#running < this.#slots) {
      const next = this.#turns.next(({ running }) => !running);
      if (!next) return;
      const { who, item: group } = next;
      group.running = true;
      this.#running++;
      void this.#run(group, who).finally(() => {
        this.#running--;
        group.running = false;
        if (group.rows.size === 0) this.#groups.delete(`${group.snapshotId}/${group.batch}`);
        // Its turn comes again after the batches that the same callers wait for by now.
        for (const each of group.held.keys()) {
          this.#turns.delete(each, group);
          this.#turns.add(each, group);
        }
        this.#pump();
      });
    }
  }

  async #run(group: Group<Made>, who: string): Promise<void> {
    let taken: [number, Waiting<Made>][] = [];
    try {
      const material = await this.options.load(group.snapshotId, group.batch);
      // Only now: who came while the batch was read comes along.
      taken = this.#take(group, who);
      const rows = taken.map(([row]) => row);
      const documents = await this.options.prove(group.snapshotId, material, rows);
      taken.forEach(([, waiting], i) => waiting.resolve(documents[i]!));
    } catch (error) {
      for (const [, waiting] of taken.length > 0 ? taken : this.#take(group, who)) waiting.reject(error);
    }
  }

  /** Rows of whose turn it is before those of others. */
  #take(group: Group<Made>, who: string): [number, Waiting<Made>][] {
    const rows = [...group.rows];
    const theirs = rows.filter(([, waiting]) => waiting.who === who);
    const others = rows.filter(([, waiting]) => waiting.who !== who);
    const taken = [...theirs, ...others].slice(0, this.#rowsPerTask);
    for (const [row, { who: whose }] of taken) {
      group.rows.delete(row);
      count(this.#held, whose, -1);
      if (count(group.held, whose, -1) === 0) this.#turns.delete(whose, group);
    }
    this.#waiting -= taken.length;
    return taken;
  }
}

/** @returns how many there are now; none has no entry */
function count(held: Map<string, number>, who: string, more: number): number {
  const now = (held.get(who) ?? 0) + more;
  if (now === 0) held.delete(who);
  else held.set(who, now);
  return now;
}

function deferred<Made>(who: string): Waiting<Made> {
  let resolve!: Waiting<Made>['resolve'];
  let reject!: Waiting<Made>['reject'];
  const promise = new Promise<Made>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { who, promise, resolve, reject };
}
