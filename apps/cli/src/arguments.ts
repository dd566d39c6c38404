import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { hexBytes } from '@solvent/algebra';
import { accountKey, readAccountId, type Header } from '@solvent/proof/verify';
import type { Context } from './context';

/** Most worker threads. */
const MAX_WORKERS = 256;

/** One a core. */
export function defaultWorkers(): number {
  return Math.min(availableParallelism(), MAX_WORKERS);
}

/** An integer in minimum…maximum, written without sign, point or exponent. @throws InvalidArgumentError */
export function integerArgument(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
    if (!(value >= minimum && value <= maximum))
      throw new InvalidArgumentError(`It must be an integer in ${minimum}…${maximum}.`);
    return value;
  };
}

export const workersArgument = integerArgument(1, MAX_WORKERS);

/** A probability: a decimal in 0…1, without sign or exponent. @throws InvalidArgumentError */
export function shareArgument(text: string): number {
  const value = /^[01](?:\.[0-9]{1,15})?$/.test(text) ? Number(text) : NaN;
  if (!(value <= 1)) throw new InvalidArgumentError('It must be a decimal in 0…1.');
  return value;
}

/** Gathers the values of an option that may be given more than once. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** A value that people gave, and what it took to read it, for people: `--id had blanks around it`. */
export interface Given<T> {
  readonly value: T;
  readonly tidied: readonly string[];
}

/**
 * The id that the user gave, or whose identifier they gave (section 5); undefined when neither.
 * @throws SolventError ID_MALFORMED, IDENTIFIER_MALFORMED
 */
export function givenAccountId(
  { id, identifier }: { readonly id?: string | undefined; readonly identifier?: string | undefined },
  { operator }: Header,
): Given<Uint8Array> | undefined {
  if (id !== undefined) return givenId(id);
  return identifier === undefined ? undefined : givenIdentifier(identifier, hexBytes(operator, 32));
}

/** The account id of `--identifier`, which is hashed as it is. @param operator 32 bytes @throws SolventError IDENTIFIER_MALFORMED */
export function givenIdentifier(identifier: string, operator: Uint8Array): Given<Uint8Array> {
  const blank = identifier.trim() !== identifier;
  return {
    value: accountKey(operator, identifier),
    tidied: blank
      ? ['--identifier begins or ends with a blank, which was hashed like any other character']
      : [],
  };
}

/** The account id of `--id`. @throws SolventError ID_MALFORMED */
export function givenId(text: string): Given<Uint8Array> {
  const { bytes, tidied } = readAccountId(text);
  return { value: bytes, tidied: tidiedOption('--id', tidied) };
}

/** `--id had blanks around it, capital letters`, once where there is anything to say. */
export function tidiedOption(option: string, tidied: readonly string[]): string[] {
  return tidied.length > 0 ? [`${option} had ${tidied.join(', ')}: read without`] : [];
}

/** Says what was tidied. @returns a member for `--json`, none where there is nothing to say */
export function sayTidied(
  tidied: readonly string[],
  { say, style }: Context,
): { readonly tidied?: readonly string[] } {
  for (const note of tidied) say(`${style.bullet} ${note}`);
  return tidied.length > 0 ? { tidied } : {};
}
