import { evmAddress, evmAddressBytes } from '../addresses/evm';
import {
  ownershipMalformed,
  ownershipUntrue,
  recoveryOf,
  signaturesOf,
  type Claim,
  type Scheme,
} from './evidence';
import { FORMS } from './ethereum-message';
import { recoverKey } from './secp256k1';

const MOST_OWNERS = 16;

/**
 * Owners of a contract, or the withdrawal address of a validator, sign; that they are its owners, a node must
 * confirm.
 */
export const OWNERS: Scheme = {
  required: ['signatures', 'form', 'owners'],
  fits: ({ family }) => family === 'eip155' || family === 'beacon',
  judge: (claim) => {
    const { form } = claim.ownership;
    const hashOf = typeof form === 'string' && Object.hasOwn(FORMS, form) ? FORMS[form] : undefined;
    if (!hashOf) return ownershipMalformed('form must be eip191 or okx-evm');
    const owners = ownersOf(claim);
    const signatures = signaturesOf(claim, owners.length, owners.length, 65);
    if (signatures.some(({ length }) => length !== 65)) ownershipMalformed('a signature must have 65 bytes');
    const recoveries = signatures.map(recoveryOf);
    if (owners.includes(claim.account.address)) ownershipUntrue('a contract cannot be its own owner');
    const hash = hashOf(claim.text);
    owners.forEach((owner, i) => {
      if (evmAddress(recoverKey(hash, signatures[i]!, recoveries[i]!)) !== owner)
        ownershipUntrue(`signature ${i + 1} is not by owner ${owner}`);
    });
    return {
      verdict: 'unchecked',
      question:
        claim.network.family === 'beacon'
          ? { kind: 'withdrawal', owner: owners[0]! }
          : { kind: 'owners', owners },
    };
  },
};

/** 1 to 16 different addresses; of a validator the one withdrawal address. */
function ownersOf({ network, ownership }: Claim): readonly string[] {
  const most = network.family === 'beacon' ? 1 : MOST_OWNERS;
  const { owners } = ownership;
  if (!Array.isArray(owners) || owners.length < 1 || owners.length > most)
    return ownershipMalformed(`owners must be a list of 1${most > 1 ? ` to ${most}` : ''}`);
  const network1 = network.family === 'beacon' ? 'eip155:1' : network.name;
  const addresses = owners.map((owner: unknown) =>
    typeof owner === 'string' && evmAddressBytes(network1, owner)
      ? owner
      : ownershipMalformed('owners must be addresses, 0x and 40 lower-case digits'),
  );
  if (new Set(addresses).size !== addresses.length) ownershipMalformed('owners must be different');
  return addresses;
}
