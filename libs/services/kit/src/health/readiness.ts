import type { Log } from '../logging/log';
import { LOOK_MS, within } from '../within';

/** Whether something the service stands on is there. A rejection counts as no. */
export type Check = () => Promise<boolean>;

export interface ReadinessReport {
  readonly ready: boolean;
  readonly shuttingDown: boolean;
  /** By name; `late` is a check that took too long. */
  readonly checks: Readonly<Record<string, 'ok' | 'failed' | 'late'>>;
}

/** Reports are kept for so long, so that whoever asks often doesn't burden the database. */
const KEEP_MS = 500;

/** Whether the service can do its work now: all checks, side by side, each with a time-out. */
export class Readiness {
  readonly #checks = new Map<string, Check>();
  #shuttingDown = false;
  #report: { at: number; report: Promise<ReadinessReport> } | undefined;

  constructor(
    private readonly log: Log,
    private readonly times: { readonly check: number; readonly keep: number } = {
      check: LOOK_MS,
      keep: KEEP_MS,
    },
  ) {}

  /** @param name as the report calls it: `database`, `bus` */
  add(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** From now on it isn't ready: balancers send no more requests. */
  shutDown(): void {
    this.#shuttingDown = true;
    this.#report = undefined;
  }

  read(): Promise<ReadinessReport> {
    const now = Date.now();
    if (!this.#report || now - this.#report.at > this.times.keep)
      this.#report = { at: now, report: this.#read() };
    return this.#report.report;
  }

  async #read(): Promise<ReadinessReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await this.#result(name, check)] as const),
    );
    return {
      ready: !this.#shuttingDown && results.every(([, result]) => result === 'ok'),
      shuttingDown: this.#shuttingDown,
      checks: Object.fromEntries(results),
    };
  }

  async #result(name: string, check: Check): Promise<'ok' | 'failed' | 'late'> {
    const answer = (async () => ((await check()) ? 'ok' : 'failed'))().catch((error: unknown) => {
      this.log.debug({ check: name, err: error }, 'check failed');
      return 'failed' as const;
    });
    return (await within(answer, this.times.check))?.value ?? 'late';
  }
}
