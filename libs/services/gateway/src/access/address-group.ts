import ipaddr from 'ipaddr.js';

/** So many bits of an IPv6 address name a customer's network; the others are the customer's to choose. */
const NETWORK_BITS = 64;

/**
 * One customer's addresses count as one: of IPv6 the network of 64 bits, of which anybody has 2^64 addresses.
 * What is no address is taken as it is.
 */
export function addressGroup(address: string): string {
  const [plain = ''] = address.split('%');
  if (!ipaddr.isValid(plain)) return address;
  // IPv4 within IPv6 (::ffff:10.1.2.3) is IPv4.
  const parsed = ipaddr.process(plain);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${NETWORK_BITS}`);
  return `${network.toString()}/${NETWORK_BITS}`;
}
