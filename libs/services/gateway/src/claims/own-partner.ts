import { SolventError } from '@solvent-por/kzg';
import type { Caller } from '../access/caller';

/**
 * Refuses a name that the caller's key was not given: under it others are asked for claims, and what was taken
 * once is remembered. It says nothing of the names of others.
 * @throws SolventError CLAIM_PARTNER (usage)
 */
export function refuseOtherPartner({ partners = [] }: Pick<Caller, 'partners'>, partner: string): void {
  if (partners.includes(partner.normalize('NFC'))) return;
  const names = partners.map((name) => `“${name}”`).join(', ');
  throw new SolventError(
    'CLAIM_PARTNER',
    'usage',
    names === ''
      ? 'your API key has no name to ask for claims in: ask the operator for a key with yours (`solvent api-key new … --partner lender.example`)'
      : `your API key asks for claims as ${names}, and in no other name: give that as partner, or ask the operator for a key with yours`,
  );
}
