/** Finds a token by the bytes of its name, without making a string of them. */
export class TokenTable {
  private readonly names: Uint8Array[];
  private readonly slots: Int32Array;
  private readonly mask: number;

  constructor(tokens: readonly string[]) {
    this.names = tokens.map((name) => Buffer.from(name, 'utf8'));
    let size = 16;
    while (size < 4 * tokens.length) size *= 2;
    this.mask = size - 1;
    this.slots = new Int32Array(size).fill(-1);
    this.names.forEach((name, token) => {
      let slot = hashOf(name) & this.mask;
      while (this.slots[slot] !== -1) slot = (slot + 1) & this.mask;
      this.slots[slot] = token;
    });
  }

  /**
   * @param hash Math.imul(31, hash) + byte over the name's bytes, starting from 0, mod 2^32
   * @returns the token's index, or −1
   */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    for (let slot = hash & this.mask; ; slot = (slot + 1) & this.mask) {
      const token = this.slots[slot]!;
      if (token < 0) return -1;
      const name = this.names[token]!;
      if (name.length !== end - start) continue;
      let i = 0;
      while (i < name.length && name[i] === bytes[start + i]) i++;
      if (i === name.length) return token;
    }
  }
}

function hashOf(name: Uint8Array): number {
  let hash = 0;
  for (const byte of name) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}
