import { createHmac, randomBytes } from 'node:crypto';
import { addressGroup } from './address-group';

const DAY_MS = 86_400_000;

/**
 * What a log may say of an address: 12 hex digits, the same for the same customer's network while this process
 * runs, for a day at most. The key is nowhere else, so that nobody finds the address by trying them all.
 */
export class AddressTags {
  #key = randomBytes(32);
  #since: number;

  constructor(private readonly now: () => number = Date.now) {
    this.#since = now();
  }

  of(address: string): string {
    if (this.now() - this.#since >= DAY_MS) [this.#key, this.#since] = [randomBytes(32), this.now()];
    return createHmac('sha256', this.#key).update(addressGroup(address)).digest('hex').slice(0, 12);
  }
}
