import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { hexBytes } from '@solvent-por/kzg';
import { accountKey, readAccountKey, type Header } from '@solvent-por/verifier';
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

/** A value that people gave, and what it took to read it, for people: `--key had blanks around it`. */
export interface Given<T> {
  readonly value: T;
  readonly tidied: readonly string[];
}

/** How people name their account: by its key, or by the plain identifier that the key is made from. */
export interface AccountOptions {
  readonly key?: string;
  readonly identifier?: string;
}

/** Adds the options by which people name their account. */
export function withAccount(command: Command, whose = 'your'): Command {
  return command
    .option('--key <0x…>', `${whose} account key: 64 hex digits; it is neither printed nor sent anywhere`)
    .addOption(new Option('--identifier <TEXT>', `${whose} plain identifier, hashed here`).conflicts('key'));
}

/**
 * The account key that the user gave, or that of the identifier they gave (section 5); undefined when
 * neither.
 * @throws SolventError KEY_MALFORMED, IDENTIFIER_MALFORMED
 */
export function givenAccountKey(
  { key, identifier }: AccountOptions,
  { operator }: Pick<Header, 'operator'>,
): Given<Uint8Array> | undefined {
  if (key !== undefined) return givenKey(key);
  return identifier === undefined ? undefined : givenIdentifier(identifier, hexBytes(operator, 32));
}

/**
 * The account key of `--identifier`, which is hashed as it is.
 * @param operator 32 bytes
 * @throws SolventError IDENTIFIER_MALFORMED
 */
function givenIdentifier(identifier: string, operator: Uint8Array): Given<Uint8Array> {
  const blank = identifier.trim() !== identifier;
  return {
    value: accountKey(operator, identifier),
    tidied: blank
      ? ['--identifier begins or ends with a blank, which was hashed like any other character']
      : [],
  };
}

/** The account key of `--key`. @throws SolventError KEY_MALFORMED */
function givenKey(text: string): Given<Uint8Array> {
  const { bytes, tidied } = readAccountKey(text);
  return { value: bytes, tidied: tidiedOption('--key', tidied) };
}

/** `--key had blanks around it, capital letters`, once where there is anything to say. */
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
