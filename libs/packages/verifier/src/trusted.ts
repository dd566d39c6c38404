import { SolventError } from '@solvent-por/kzg';
import { parseManifest, type Manifest } from './manifest';

/**
 * What a verifier brings along to compare with. A member that is absent is not checked, and the verdict says
 * so; one that is there and is not what it should be (undefined, null, text, too short) is the caller's
 * mistake, and an error: taking it for absent would leave a check out without a word, which is how a key with
 * a capital letter in it comes to be "verified".
 */
export class Trusted {
  readonly #members: Readonly<Record<string, unknown>>;

  /**
   * @param value a plain object, so that nothing it says is hidden in a prototype
   * @param known every member it may have; another one is refused, for `operater` must not leave a check out
   *   either
   * @throws SolventError TRUSTED_MALFORMED (kind usage; details.member)
   */
  constructor(
    value: unknown,
    private readonly name: string,
    known: readonly string[],
  ) {
    if (!isPlainObject(value))
      this.#fail(
        name,
        'must be a plain object: a member that is absent is not checked, and the verdict says so',
      );
    for (const member of Reflect.ownKeys(value))
      if (!known.includes(member as string))
        this.#fail(`${name}.${String(member).slice(0, 40)}`, `is not known: it may have ${known.join(', ')}`);
    // Read once, so that what was checked is what is used.
    this.#members = { ...value };
  }

  has(member: string): boolean {
    return Object.hasOwn(this.#members, member);
  }

  /**
   * What a member that may not be absent was read as.
   * @throws SolventError TRUSTED_MALFORMED where it is absent
   */
  required<T>(member: string, value: T | undefined): T {
    if (value === undefined)
      this.#fail(`${this.name}.${member}`, 'is needed: without it there is nothing to compare with');
    return value;
  }

  /**
   * Bytes of exactly this length, copied; undefined where the member is absent.
   * @throws SolventError TRUSTED_MALFORMED
   */
  bytes(member: string, length: number): Uint8Array | undefined {
    if (!this.has(member)) return undefined;
    return this.#bytes(this.#members[member], `${this.name}.${member}`, length);
  }

  /** A list of these; undefined where the member is absent. @throws SolventError TRUSTED_MALFORMED */
  bytesList(member: string, length: number): readonly Uint8Array[] | undefined {
    if (!this.has(member)) return undefined;
    const value = this.#members[member];
    if (!Array.isArray(value))
      this.#fail(
        `${this.name}.${member}`,
        `must be an array of Uint8Arrays of ${length} bytes, it is ${kindOf(value)}`,
      );
    return Array.from(value, (one: unknown, i) => this.#bytes(one, `${this.name}.${member}[${i}]`, length));
  }

  /** A time, copied; undefined where the member is absent. @throws SolventError TRUSTED_MALFORMED */
  date(member: string): Date | undefined {
    if (!this.has(member)) return undefined;
    const value = this.#members[member];
    if (Object.prototype.toString.call(value) !== '[object Date]')
      this.#fail(`${this.name}.${member}`, `must be a Date, it is ${kindOf(value)}`);
    const time = Number(value);
    if (Number.isNaN(time)) this.#fail(`${this.name}.${member}`, 'is not a time: give a valid Date');
    return new Date(time);
  }

  /**
   * A manifest as `parseManifest` returns it, read again; undefined where the member is absent.
   * @throws SolventError TRUSTED_MALFORMED
   */
  manifest(member: string): Manifest | undefined {
    return this.has(member) ? this.#manifest(this.#members[member], `${this.name}.${member}`) : undefined;
  }

  /** Any number of them; undefined where the member is absent. @throws SolventError TRUSTED_MALFORMED */
  manifests(member: string): readonly Manifest[] | undefined {
    if (!this.has(member)) return undefined;
    const value = this.#members[member];
    if (!Array.isArray(value))
      this.#fail(`${this.name}.${member}`, `must be an array of manifests, it is ${kindOf(value)}`);
    // Array.from, unlike map, also visits the holes.
    return Array.from(value, (one, i) => this.#manifest(one, `${this.name}.${member}[${i}]`));
  }

  #bytes(value: unknown, path: string, length: number): Uint8Array {
    if (!isByteArray(value))
      this.#fail(
        path,
        `must be a Uint8Array of ${length} bytes, it is ${kindOf(value)}; parse text strictly, or leave the member out`,
      );
    if (value.length !== length) this.#fail(path, `must have ${length} bytes, it has ${value.length}`);
    return Uint8Array.from(value);
  }

  #manifest(value: unknown, path: string): Manifest {
    if (!isPlainObject(value))
      this.#fail(path, `must be a manifest as parseManifest returns it, it is ${kindOf(value)}`);
    try {
      return parseManifest(value);
    } catch (error) {
      if (!(error instanceof SolventError)) throw error;
      return this.#fail(path, `must be a manifest as parseManifest returns it: ${error.message}`);
    }
  }

  #fail(path: string, problem: string): never {
    throw new SolventError('TRUSTED_MALFORMED', 'usage', `${path} ${problem}`, { member: path });
  }
}

/** Also of another realm (a frame, a worker's message, a test's sandbox), where `instanceof` says no. */
function isByteArray(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/**
 * Made by braces, JSON or a structured clone: nothing is inherited but from Object.prototype, whichever
 * realm's.
 */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    (typeof prototype === 'object' &&
      Object.getPrototypeOf(prototype) === null &&
      Object.hasOwn(prototype, 'hasOwnProperty'))
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'another object' : typeof value;
}
