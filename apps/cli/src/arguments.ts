import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { hexBytes, SolventError } from '@solvent/algebra';
import { hashIdentifier } from '@solvent/snapshot';
import type { Header } from '@solvent/proof/verify';

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

/**
 * An account id as people hand it over: 64 hex digits of any case, with or without 0x.
 * @returns 32 bytes
 * @throws SolventError ID_MALFORMED (kind malformed)
 */
export function parseAccountId(text: string): Uint8Array {
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text)?.[1];
  if (digits === undefined)
    throw new SolventError(
      'ID_MALFORMED',
      'malformed',
      'an account id must be 64 hex digits, with or without 0x',
    );
  return hexBytes(`0x${digits.toLowerCase()}`, 32);
}

/**
 * The id that the user gave, or whose identifier they gave (section 5); undefined when neither.
 * @throws SolventError ID_MALFORMED, IDENTIFIER_MALFORMED
 */
export function givenAccountId(
  { id, identifier }: { readonly id?: string | undefined; readonly identifier?: string | undefined },
  { operator }: Header,
): Uint8Array | undefined {
  if (id !== undefined) return parseAccountId(id);
  return identifier === undefined ? undefined : hashIdentifier(hexBytes(operator, 32), identifier);
}
