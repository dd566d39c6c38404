import { addressGroup } from '../access/address-group';

/** Connections from one address, and in all. */
const MOST_FROM_ADDRESS = 20;
const MOST_CONNECTIONS = 2000;

/** Who holds how many WebSockets. */
export class Connections {
  readonly #held = new Map<string, number>();
  #all = 0;

  get all(): number {
    return this.#all;
  }

  /** @returns false for one too many, which then holds no place */
  admit(address: string): boolean {
    const who = addressGroup(address);
    const held = this.#held.get(who) ?? 0;
    if (held >= MOST_FROM_ADDRESS || this.#all >= MOST_CONNECTIONS) return false;
    this.#held.set(who, held + 1);
    this.#all++;
    return true;
  }

  leave(address: string): void {
    const who = addressGroup(address);
    const held = (this.#held.get(who) ?? 1) - 1;
    if (held === 0) this.#held.delete(who);
    else this.#held.set(who, held);
    this.#all--;
  }
}
