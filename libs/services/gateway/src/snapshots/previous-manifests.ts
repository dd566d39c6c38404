import { hexBytes } from '@solvent-por/kzg';
import type { Manifest } from '@solvent-por/verifier';

interface Asked {
  readonly answer: (manifest: Manifest | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Published manifests by digest, as a page of fifty asks for them: all that are asked for at one time are
 * read at once.
 */
export class PreviousManifests {
  #asked = new Map<string, Asked[]>();

  /**
   * @param read published manifests with these digests, by digest (0x and 64 hex digits); those that are not
   * published are left out
   */
  constructor(
    private readonly read: (digests: readonly Uint8Array[]) => Promise<ReadonlyMap<string, Manifest>>,
  ) {}

  /** @param digest 0x and 64 hex digits @returns undefined where none was published here */
  of(digest: string): Promise<Manifest | undefined> {
    return new Promise((answer, fail) => {
      // Fields of one level are resolved before the next turn.
      if (this.#asked.size === 0) setImmediate(() => void this.#answer());
      this.#asked.set(digest, [...(this.#asked.get(digest) ?? []), { answer, fail }]);
    });
  }

  async #answer(): Promise<void> {
    const asked = this.#asked;
    this.#asked = new Map();
    try {
      const found = await this.read([...asked.keys()].map((digest) => hexBytes(digest, 32)));
      for (const [digest, waiting] of asked) for (const { answer } of waiting) answer(found.get(digest));
    } catch (error) {
      for (const { fail } of [...asked.values()].flat()) fail(error);
    }
  }
}
