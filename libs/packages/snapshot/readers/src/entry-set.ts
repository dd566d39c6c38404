/** Words of an entry: 8 of the account key, its hash, file, row. */
export const ENTRY = 11;
const HASH = 8;
const FILE = 9;
const ROW = 10;

/** A file's index and a row of it, from 1. */
export interface EntryPlace {
  readonly file: number;
  readonly row: number;
}

/** Where an account key stands for the second time, and where it stood first. */
export interface Duplicate {
  readonly key: Uint8Array;
  readonly first: EntryPlace;
  readonly second: EntryPlace;
}

/**
 * Entries by key, open addressing. It holds different keys only: a million times the same one takes no
 * memory.
 */
export class EntrySet {
  private entries = new Uint32Array(1024 * ENTRY);
  /** Positions in `entries`; −1 is free. Twice as many as there are entries, or more. */
  private slots = new Int32Array(2048).fill(-1);
  private end = 0;

  /** Adds entries until one's id is known already, and returns that one with the one before it. */
  addAll(block: Uint32Array): Duplicate | undefined {
    for (let at = 0; at < block.length; at += ENTRY) {
      if (this.end === this.entries.length) this.grow();
      const slot = this.slotOf(block, at);
      const known = this.slots[slot]!;
      if (known >= 0)
        return {
          key: new Uint8Array(block.slice(at, at + HASH).buffer),
          first: placeAt(this.entries, known),
          second: placeAt(block, at),
        };
      for (let i = 0; i < ENTRY; i++) this.entries[this.end + i] = block[at + i]!;
      this.slots[slot] = this.end;
      this.end += ENTRY;
    }
    return undefined;
  }

  /** The slot of this key: taken by it, or free. */
  private slotOf(words: Uint32Array, at: number): number {
    const { entries, slots } = this;
    const mask = slots.length - 1;
    for (let slot = words[at + HASH]! & mask; ; slot = (slot + 1) & mask) {
      const known = slots[slot]!;
      if (known < 0) return slot;
      let i = 0;
      while (i < HASH && entries[known + i] === words[at + i]) i++;
      if (i === HASH) return slot;
    }
  }

  private grow(): void {
    const larger = new Uint32Array(2 * this.entries.length);
    larger.set(this.entries);
    this.entries = larger;
    this.slots = new Int32Array(2 * this.slots.length).fill(-1);
    for (let at = 0; at < this.end; at += ENTRY) this.slots[this.slotOf(larger, at)] = at;
  }
}

function placeAt(words: Uint32Array, at: number): EntryPlace {
  return { file: words[at + FILE]!, row: words[at + ROW]! };
}
