import { SolventError } from '@solvent-por/kzg';
import { addressGroups } from './address-group';
import { Allowances } from './allowances';
import type { Caller } from './caller';

/**
 * What an operation costs us: a look-up may have to be computed, a verification always is, proving a claim takes
 * seconds, the rest is a read.
 */
export const OPERATION_CLASSES = ['lookup', 'verification', 'proving', 'other'] as const;
export type OperationClass = (typeof OPERATION_CLASSES)[number];

/**
 * What has an allowance: operations, every request whatever it asks, large bodies, tries of unknown keys; and
 * connections, which floods are not given.
 */
export const LIMITED = [...OPERATION_CLASSES, 'request', 'large', 'key', 'connection'] as const;
export type Limited = (typeof LIMITED)[number];

/** A minute; 0 is without limit. */
export interface Rate {
  /** From one address without a key. */
  readonly address: number;
  /** With one key. */
  readonly key: number;
}

export type Rates = Readonly<Record<OperationClass | 'request', Rate>>;

/** Unknown keys from one address a minute: guessing 256 bits is hopeless, but each guess reads the database. */
const UNKNOWN_KEYS = 30;
/** The networks of a /48 together have as much as so many of them: a site may be given one of 65,536. */
const NETWORKS_OF_A_SITE = 8;

/** Counts what addresses and keys ask for, over all gateways that share the allowances. */
export class RateLimits {
  /** @param onRefused is told of each that was one too many */
  constructor(
    private readonly rates: Rates,
    private readonly onRefused: (what: Limited) => void = () => undefined,
    private readonly allowances = new Allowances(undefined),
  ) {}

  /**
   * Takes one operation from the caller's allowance.
   * @throws SolventError RATE_LIMITED (details.retryAfter, seconds)
   */
  async take({ keyId, address }: Caller, operation: OperationClass): Promise<void> {
    await this.#take(operation, this.rates[operation], keyId, address);
  }

  /**
   * Every request, before anything of it is looked at but where it comes from.
   * @param keyId of a key that is known to be good already; whoever shows none, or another, is an address
   * @throws SolventError RATE_LIMITED
   */
  async takeRequest(keyId: string | undefined, address: string): Promise<void> {
    await this.#take('request', this.rates.request, keyId, address);
  }

  /** Before a large body is read, for which nobody has shown a key yet. @throws SolventError RATE_LIMITED */
  async takeLarge(address: string): Promise<void> {
    await this.#takeOfAddress('large', this.rates.verification.address, address);
  }

  /**
   * Before anything is made of a key that is not known to be good: also of those that came at once.
   * @throws SolventError RATE_LIMITED
   */
  async takeKeyTry(address: string): Promise<void> {
    await this.#takeOfAddress('key', UNKNOWN_KEYS, address);
  }

  /** The key was good. */
  giveBackKeyTry(address: string): void {
    for (const group of addressGroups(address)) this.allowances.giveBack(`key:${group}`);
  }

  async #take(what: Limited, rate: Rate, keyId: string | undefined, address: string): Promise<void> {
    if (keyId === undefined) return this.#takeOfAddress(what, rate.address, address);
    if (rate.key > 0) await this.#takeOf(what, `${what}:key:${keyId}`, rate.key);
  }

  async #takeOfAddress(what: Limited, allowance: number, address: string): Promise<void> {
    if (allowance === 0) return;
    const [own, site] = addressGroups(address);
    await this.#takeOf(what, `${what}:${own}`, allowance);
    if (site !== undefined) await this.#takeOf(what, `${what}:${site}`, NETWORKS_OF_A_SITE * allowance);
  }

  async #takeOf(what: Limited, name: string, allowance: number): Promise<void> {
    const retryAfter = await this.allowances.take(name, allowance);
    if (retryAfter === 0) return;
    this.onRefused(what);
    throw new SolventError('RATE_LIMITED', 'usage', `too many requests; try again in ${retryAfter} seconds`, {
      retryAfter,
    });
  }
}
