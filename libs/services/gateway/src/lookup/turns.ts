/**
 * What waits, by who waits for it. Each has a turn after the others, so that whoever asks for little does not
 * wait for all of who asks for much; what one asks for stays in its order.
 */
export class Turns<T> {
  /** In the order of their turns. */
  readonly #waiting = new Map<string, Set<T>>();

  add(who: string, item: T): void {
    const items = this.#waiting.get(who);
    if (items) items.add(item);
    else this.#waiting.set(who, new Set([item]));
  }

  delete(who: string, item: T): void {
    const items = this.#waiting.get(who);
    items?.delete(item);
    if (items?.size === 0) this.#waiting.delete(who);
  }

  /** The first that may run, of the first who has one; whose turn it was is the last from now on. */
  next(may: (item: T) => boolean = () => true): { readonly who: string; readonly item: T } | undefined {
    for (const [who, items] of this.#waiting)
      for (const item of items)
        if (may(item)) {
          this.#waiting.delete(who);
          this.#waiting.set(who, items);
          return { who, item };
        }
    return undefined;
  }
}
