import { SolventError } from '@solvent-por/kzg';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { addressGroup } from './address-group';
import type { Caller } from './caller';

/**
 * What an operation costs us: a look-up may have to be computed, a verification always is, the rest is a
 * read.
 */
export const OPERATION_CLASSES = ['lookup', 'verification', 'other'] as const;
export type OperationClass = (typeof OPERATION_CLASSES)[number];

/** Operations a minute; 0 is without limit. */
export interface Rate {
  /** From one address without a key. */
  readonly address: number;
  /** With one key. */
  readonly key: number;
}

const MINUTE = 60;
/** Wrong keys from one address a minute: guessing 256 bits is hopeless, but each guess reads the database. */
const WRONG_KEYS = 30;

/**
 * Counts operations of addresses and keys in this process: each replica of a gateway has allowances of its
 * own.
 */
export class RateLimits {
  readonly #limiters: ReadonlyMap<string, RateLimiterMemory>;

  /** @param onRefused is told of each operation that was one too many */
  constructor(
    private readonly rates: Readonly<Record<OperationClass, Rate>>,
    private readonly onRefused: (operation: OperationClass) => void = () => undefined,
  ) {
    const limiter = (name: string, points: number): [string, RateLimiterMemory] => [
      name,
      new RateLimiterMemory({ keyPrefix: '', points, duration: MINUTE }),
    ];
    this.#limiters = new Map([
      ...OPERATION_CLASSES.flatMap((name) => [
        limiter(`${name}:address`, rates[name].address),
        limiter(`${name}:key`, rates[name].key),
      ]),
      limiter('large', rates.verification.address),
      limiter('wrong-key', WRONG_KEYS),
    ]);
  }

  /**
   * Takes one operation from the caller's allowance.
   * @throws SolventError RATE_LIMITED (details.retryAfter, seconds)
   */
  async take({ keyId, address }: Caller, operation: OperationClass): Promise<void> {
    const by = keyId === undefined ? 'address' : 'key';
    if (this.rates[operation][by] === 0) return;
    await this.#consume(`${operation}:${by}`, keyId ?? addressGroup(address)).catch((error: unknown) => {
      this.onRefused(operation);
      throw error;
    });
  }

  /** Before a large body is read, for which nobody has shown a key yet. @throws SolventError RATE_LIMITED */
  async takeLarge(address: string): Promise<void> {
    if (this.rates.verification.address > 0) await this.#consume('large', addressGroup(address));
  }

  /**
   * Before the database is asked about a key that is not known here.
   * @throws SolventError RATE_LIMITED while wrong ones were too many
   */
  async mayTryKey(address: string): Promise<void> {
    const spent = await this.#limiters.get('wrong-key')!.get(addressGroup(address));
    if (spent && spent.remainingPoints <= 0) throw limited(spent);
  }

  /** After a key was refused. @throws SolventError RATE_LIMITED */
  async takeWrongKey(address: string): Promise<void> {
    await this.#consume('wrong-key', addressGroup(address));
  }

  async #consume(limiter: string, who: string): Promise<void> {
    try {
      await this.#limiters.get(limiter)!.consume(who);
    } catch (refused) {
      throw refused instanceof RateLimiterRes ? limited(refused) : refused;
    }
  }
}

function limited({ msBeforeNext }: RateLimiterRes): SolventError<'RATE_LIMITED'> {
  const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new SolventError('RATE_LIMITED', 'usage', `too many requests; try again in ${retryAfter} seconds`, {
    retryAfter,
  });
}
