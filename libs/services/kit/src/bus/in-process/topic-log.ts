import type { Incoming } from '../incoming';
import { GroupQueue } from './group-queue';

/** One topic in memory: its groups, and what was published before there was any. */
export class TopicLog {
  readonly groups = new Map<string, GroupQueue>();
  #kept: Incoming[] = [];
  #keptBytes = 0;
  #nextOffset = 0n;
  #waiting: (() => void)[] = [];

  /** @param capacity bytes of values that may wait for a group; publishers wait until there is room */
  constructor(
    readonly topic: string,
    private readonly capacity: number,
  ) {}

  add(key: string, value: Uint8Array, headers: Readonly<Record<string, string>>): void {
    const offset = String(this.#nextOffset++);
    const message: Incoming = { topic: this.topic, partition: 0, offset, key, value, headers };
    for (const group of this.groups.values()) group.add(message);
    if (this.groups.size === 0) this.#keep(message);
  }

  /** The group of this name. The first one gets what was published before it. */
  group(name: string): GroupQueue {
    const existing = this.groups.get(name);
    if (existing) return existing;
    const group = new GroupQueue();
    if (this.groups.size === 0) for (const message of this.#kept.splice(0)) group.add(message);
    this.groups.set(name, group);
    return group;
  }

  /**
   * Resolves when there is room for one more message; an empty queue has room for any. Two who waited may
   * both be let in.
   */
  async room(closing: AbortSignal): Promise<void> {
    while (this.#isFull() && !closing.aborted)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A group handled a message, or the bus closes: publishers look again. */
  moved(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #isFull(): boolean {
    return [...this.groups.values()].some(({ bytes }) => bytes >= this.capacity);
  }

  /** Nobody listens yet: the newest are kept, as far as they fit, like a topic's retention. */
  #keep(message: Incoming): void {
    this.#kept.push(message);
    this.#keptBytes += message.value.length;
    while (this.#keptBytes > this.capacity && this.#kept.length > 1)
      this.#keptBytes -= this.#kept.shift()!.value.length;
  }
}
