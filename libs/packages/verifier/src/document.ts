import { SolventError } from '@solvent-por/kzg';
import { parseDecimal } from './decimal';
import { otherDocument } from './recognise';

/**
 * Reads members of a parsed JSON document, one rule a call. Every reader takes the member's path, such as
 * `header.assets[2].price`, which the error names in its message and in `details.member`.
 */
export class DocumentReader<C extends string> {
  /** @param code the error code thrown for every fault of this kind of document */
  constructor(private readonly code: C) {}

  /** @throws SolventError with this reader's code, kind malformed */
  fail(path: string, problem: string): never {
    throw new SolventError(this.code, 'malformed', `${path} ${problem}`, { member: path });
  }

  /** An object with all of `required`, any of `optional`, and nothing else. */
  object<R extends string, O extends string = never>(
    value: unknown,
    path: string,
    required: readonly R[],
    optional: readonly O[] = [],
  ): Readonly<Record<R | O, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.fail(path, 'must be an object');
    const other = otherDocument(value, path);
    if (other !== undefined)
      throw new SolventError(this.code, 'malformed', `this ${other}`, { member: path });
    const known = new Set<string>([...required, ...optional]);
    for (const name of Object.keys(value)) {
      if (!known.has(name))
        this.fail(
          path,
          `has an unknown member ${JSON.stringify(name.slice(0, 40))}: it is of another version of the protocol, or was changed; ask its operator for it anew`,
        );
    }
    for (const name of required) {
      if (!Object.hasOwn(value, name)) this.fail(`${path}.${name}`, 'is missing');
    }
    return value as Readonly<Record<R | O, unknown>>;
  }

  array(value: unknown, path: string, minimum: number, maximum: number): readonly unknown[] {
    if (!Array.isArray(value)) this.fail(path, 'must be an array');
    if (value.length < minimum || value.length > maximum) {
      const expected = minimum === maximum ? `exactly ${minimum}` : `${minimum} to ${maximum}`;
      this.fail(path, `must have ${expected} elements, it has ${value.length}`);
    }
    return value;
  }

  text(value: unknown, path: string, pattern: RegExp, expected: string): string {
    if (typeof value !== 'string' || !pattern.test(value)) this.fail(path, `must be ${expected}`);
    return value;
  }

  /** A JSON number that is an integer in minimum…maximum, both included. */
  integer(value: unknown, path: string, minimum: number, maximum: number): number {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
      this.fail(path, `must be an integer in ${minimum}…${maximum}`);
    }
    return value;
  }

  /** 0x and exactly 2·length lower-case hex digits, kept as text. */
  hex(value: unknown, path: string, length: number): string {
    if (typeof value !== 'string' || value.length !== 2 + 2 * length || !/^0x[0-9a-f]*$/.test(value)) {
      this.fail(path, `must be ${length} bytes as 0x and ${2 * length} lower-case hex digits`);
    }
    return value;
  }

  /** A decimal string in minimum…exclusiveBound−1. */
  decimal(value: unknown, path: string, minimum: bigint, exclusiveBound: bigint): bigint {
    const integer = parseDecimal(value, exclusiveBound);
    if (integer === undefined || integer < minimum) {
      this.fail(
        path,
        `must be a decimal string without sign or leading zero, at least ${minimum} and below ${exclusiveBound}`,
      );
    }
    return integer;
  }
}
