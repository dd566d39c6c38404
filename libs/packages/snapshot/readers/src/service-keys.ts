import { hexBytes, SolventError, toHex } from '@solvent-por/kzg';
import type { Keys } from './keys';

/**
 * Of the operator's keys those that a service needs which does not sign: what it is given in place of the
 * master secret, from which none of the others follows.
 */
const NEEDED = {
  ingest: ['operator', 'placement'],
  prover: ['operator', 'salt', 'blinding', 'claim'],
} as const satisfies Record<string, ReadonlyArray<keyof Keys>>;

export type ServiceRole = keyof typeof NEEDED;
type Needed<R extends ServiceRole> = (typeof NEEDED)[R][number];

/** Only snapshots with private claims take a claim key: what was written before there were any has none. */
const MAY_LACK = 'claim';
export type ServiceKeys<R extends ServiceRole> = Pick<Keys, Exclude<Needed<R>, typeof MAY_LACK>> &
  Partial<Pick<Keys, Extract<Needed<R>, typeof MAY_LACK>>>;

export const SERVICE_ROLES = Object.keys(NEEDED) as ServiceRole[];

/** `operator:0x…,salt:0x…,blinding:0x…,claim:0x…`, 64 hex digits each: a secret, but for the operator's public key. */
export function serviceKeysText(role: ServiceRole, keys: Keys): string {
  return NEEDED[role]
    .map((name) => {
      const key = keys[name];
      return `${name}:${typeof key === 'string' ? key : toHex(key)}`;
    })
    .join(',');
}

/** @throws SolventError KEY_MALFORMED (usage); it never repeats what it read */
export function parseServiceKeys<R extends ServiceRole>(role: R, text: string): ServiceKeys<R> {
  const given = text.trim().split(',');
  const names = NEEDED[role].filter((name, i) => name !== MAY_LACK || i < given.length);
  const found = names.map((name, i) => {
    const [label, value = '', ...more] = given[i]?.split(':') ?? [];
    return label === name && more.length === 0 && /^0x[0-9a-f]{64}$/.test(value) ? value : undefined;
  });
  if (given.length !== found.length || found.includes(undefined))
    throw new SolventError(
      'KEY_MALFORMED',
      'usage',
      `these are not the keys of ${role}: give what \`solvent keys derive --for ${role}\` writes`,
    );
  const read = names.map((name, i) => [name, name === 'operator' ? found[i]! : hexBytes(found[i]!, 32)]);
  return Object.fromEntries(read) as ServiceKeys<R>;
}
