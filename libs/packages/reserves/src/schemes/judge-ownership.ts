import { utf8 } from '@solvent-por/kzg';
import type { Account, Network } from '../addresses/network';
import { ownershipMalformed, UNSUPPORTED, type Judged } from './evidence';
import { RESERVED, SCHEMES } from './schemes';

/**
 * Judges evidence of ownership in the order of section 5: scheme, members, signatures; network and address
 * were read before.
 *
 * @param textOf the text that should be signed, by the members `message` and `named` that a publication has
 *   and single evidence hasn't; asked for only where the scheme is judged
 * @param textMembers which of those two may be there
 * @throws SolventError OWNERSHIP_MALFORMED (kind malformed) | OWNERSHIP_UNTRUE (kind invalid)
 */
export function judgeOwnership(
  network: Network,
  account: Account,
  ownership: unknown,
  textOf: (ownership: Readonly<Record<string, unknown>>) => string,
  textMembers: readonly string[] = [],
): Judged {
  if (typeof ownership !== 'object' || ownership === null || Array.isArray(ownership))
    return ownershipMalformed('ownership must be an object');
  const members = ownership as Readonly<Record<string, unknown>>;
  const name = Object.hasOwn(members, 'scheme') ? members.scheme : undefined;
  if (typeof name !== 'string') return ownershipMalformed('scheme is missing');
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (!scheme && !RESERVED.has(name))
    return ownershipMalformed(`there is no scheme ${JSON.stringify(name.slice(0, 40))}`);
  if (!scheme || network.family === 'not judged' || account.kind === 'unsupported') return UNSUPPORTED;
  if (name === 'bip322' && (account.kind === 'p2pkh' || account.kind === 'p2sh')) return UNSUPPORTED;
  if (!scheme.fits(network)) return ownershipMalformed(`${name} is not for addresses of ${network.name}`);
  const optional = [...(scheme.optional ?? []), ...textMembers];
  for (const member of Object.keys(members))
    if (member !== 'scheme' && !scheme.required.includes(member) && !optional.includes(member))
      ownershipMalformed(`${name} has no member ${JSON.stringify(member.slice(0, 40))}`);
  for (const member of scheme.required)
    if (!Object.hasOwn(members, member)) ownershipMalformed(`${name} needs the member ${member}`);
  return scheme.judge({ network, account, text: utf8(textOf(members)), ownership: members });
}
