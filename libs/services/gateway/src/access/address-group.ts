import ipaddr from 'ipaddr.js';

/** So many bits of an IPv6 address name a customer's network; the others are the customer's to choose. */
const NETWORK_BITS = 64;
/** So many name a site, which may be given all networks below. */
const SITE_BITS = 48;

/**
 * One customer's addresses count as one: of IPv6 the network of 64 bits, of which anybody has 2^64 addresses.
 * What is no address is taken as it is.
 */
export function addressGroup(address: string): string {
  return addressGroups(address)[0];
}

/** As `addressGroup`; and, of IPv6, the site's network of 48 bits that it lies in. */
export function addressGroups(address: string): readonly [own: string, site?: string] {
  const [plain = ''] = address.split('%');
  if (!ipaddr.isValid(plain)) return [address];
  // IPv4 within IPv6 (::ffff:10.1.2.3) is IPv4.
  const parsed = ipaddr.process(plain);
  if (!(parsed instanceof ipaddr.IPv6)) return [parsed.toString()];
  return [networkOf(parsed, NETWORK_BITS), networkOf(parsed, SITE_BITS)];
}

function networkOf(address: ipaddr.IPv6, bits: number): string {
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/${bits}`);
  return `${network.toString()}/${bits}`;
}
