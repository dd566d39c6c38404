import type { Incoming } from '../incoming';

/** Messages of one topic that one group has yet to handle, in the order in which they were published. */
export class GroupQueue {
  #waiting: Incoming[] = [];
  readonly #busyKeys = new Set<string>();
  #takers: (() => void)[] = [];
  #bytes = 0;
  #closed = false;

  /** Waiting and being handled. */
  get messages(): number {
    return this.#waiting.length + this.#busyKeys.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(message: Incoming): void {
    this.#waiting.push(message);
    this.#bytes += message.value.length;
    this.#wake();
  }

  /** The first message none of whose key is being handled; waits for one. Undefined once closed. */
  async take(): Promise<Incoming | undefined> {
    while (!this.#closed) {
      const index = this.#waiting.findIndex(({ key }) => !this.#busyKeys.has(key));
      if (index >= 0) {
        const [message] = this.#waiting.splice(index, 1);
        this.#busyKeys.add(message!.key);
        return message;
      }
      await new Promise<void>((resolve) => this.#takers.push(resolve));
    }
    return undefined;
  }

  /** A message that was taken is behind us: the next one of its key may be taken. */
  release({ key, value }: Incoming): void {
    this.#busyKeys.delete(key);
    this.#bytes -= value.length;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #wake(): void {
    const takers = this.#takers;
    this.#takers = [];
    for (const wake of takers) wake();
  }
}
