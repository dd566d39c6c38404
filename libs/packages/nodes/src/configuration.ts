import { SolventError } from '@solvent-por/kzg';
import { networkOf } from '@solvent-por/reserves';
import { DocumentReader } from '@solvent-por/verifier';

/** When a block counts as final: by the node's own word (EVM), or so many blocks deep, itself counted. */
export type Finality = 'finalized' | 'safe' | number;

/** One node of the verifier's choice. */
export interface NodeConfiguration {
  /** A name of the reserves page, section 6. */
  readonly network: string;
  /** `evm`, `bitcoin-core`, `esplora`, `btcd`, or one of your own adapters. */
  readonly kind: string;
  /** http or https, without credentials. Messages never show it. */
  readonly url: string;
  /** What reports call it. */
  readonly name: string;
  readonly user?: string;
  readonly password?: string;
  /** For one request: 30,000 where absent, of scans of all unspent outputs 900,000. */
  readonly timeoutMs?: number;
  /** Requests at once: 8 where absent. */
  readonly concurrency?: number;
  /** How often one request is tried: 3 where absent. */
  readonly attempts?: number;
  /** Calls in one request of JSON-RPC: 50 where absent; 1 where the node takes no batches. */
  readonly batch?: number;
  /** `finalized` of EVM nodes, 6 of others where absent. */
  readonly finality?: Finality;
}

const OPTIONAL = ['name', 'user', 'password', 'timeoutMs', 'concurrency', 'attempts', 'batch', 'finality'];
const MOST_NODES = 256;
const MOST_URL_CHARACTERS = 2048;
const read = new DocumentReader('NODE_CONFIGURATION');

/**
 * @param value parsed JSON: { network, url, kind?, name?, user?, password?, … }; credentials may stand in the
 *   URL
 * @throws SolventError NODE_CONFIGURATION, NETWORK_UNKNOWN (kind malformed); no message shows the URL
 */
export function readNodeConfiguration(value: unknown): NodeConfiguration {
  const n = read.object(value, 'node', ['network', 'url'], ['kind', ...OPTIONAL]);
  const { name: network, family } = networkOf(n.network);
  const kind =
    n.kind === undefined
      ? defaultKind(family, network)
      : read.text(n.kind, 'kind', /^[a-z0-9-]{1,32}$/, 'evm, bitcoin-core, esplora or btcd');
  const { url, user, password } = urlOf(n.url);
  const credentials = {
    user: n.user === undefined ? user : printable(n.user, 'user'),
    password: n.password === undefined ? password : printable(n.password, 'password'),
  };
  const integer = (member: string, least: number, most: number) =>
    n[member] === undefined ? {} : { [member]: read.integer(n[member], member, least, most) };
  return {
    ...{ network, kind, url: url.href },
    name: n.name === undefined ? url.host : read.text(n.name, 'name', /^[ -~]{1,64}$/, '1 to 64 characters'),
    ...(credentials.user !== undefined && { user: credentials.user }),
    ...(credentials.password !== undefined && { password: credentials.password }),
    ...integer('timeoutMs', 1, 86_400_000),
    ...integer('concurrency', 1, 64),
    ...integer('attempts', 1, 10),
    ...integer('batch', 1, 1000),
    ...(n.finality !== undefined && { finality: finalityOf(n.finality) }),
  };
}

/** A list of them, each network once. @throws SolventError as `readNodeConfiguration` */
export function readNodeConfigurations(value: unknown): readonly NodeConfiguration[] {
  const nodes = read.array(value, 'nodes', 0, MOST_NODES).map(readNodeConfiguration);
  onceEach(nodes);
  return nodes;
}

/**
 * A node as command lines name it: `network=URL`, the kind in front of the URL where it is not the usual one:
 * `bitcoin=esplora+https://…`.
 *
 * @param environment `${NAME}` in the URL is replaced from it, so that no shell's history holds a key
 * @throws SolventError as `readNodeConfiguration`
 */
export function readNodeText(
  text: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): NodeConfiguration {
  const at = text.indexOf('=');
  const network = text.slice(0, Math.max(at, 0));
  // Nothing of it is repeated: where the network was forgotten, this is the URL.
  if (!/^[a-z0-9:-]{1,64}$/.test(network))
    read.fail('node', 'must be a network, = and its URL, such as eip155:1=https://…');
  const [, kind, url] = /^(?:([a-z0-9-]{1,32})\+)?(.*)$/s.exec(text.slice(at + 1))!;
  const filled = url!.replace(
    /\$\{([A-Z0-9_]{1,64})\}/g,
    (_, name: string) =>
      environment[name] ??
      read.fail('node', `of ${network} names the environment's ${name}, which is not set`),
  );
  return readNodeConfiguration({ network, url: filled, ...(kind !== undefined && { kind }) });
}

/** @throws SolventError NODE_TWICE, kind usage */
export function onceEach(nodes: readonly NodeConfiguration[]): void {
  const seen = new Set<string>();
  for (const { network } of nodes) {
    if (seen.has(network))
      throw new SolventError('NODE_TWICE', 'usage', `two nodes of ${network} are given: give one`);
    seen.add(network);
  }
}

function defaultKind(family: string, network: string): string {
  if (family === 'eip155') return 'evm';
  if (family === 'utxo') return 'bitcoin-core';
  return read.fail('kind', `is missing: there is none that ${network} usually has`);
}

/** The URL, and the credentials that stood in it. */
function urlOf(value: unknown): { readonly url: URL; readonly user?: string; readonly password?: string } {
  let url: URL;
  try {
    if (typeof value !== 'string' || value.length > MOST_URL_CHARACTERS) throw new TypeError();
    url = new URL(value);
  } catch {
    return read.fail('url', `must be an http or https URL of at most ${MOST_URL_CHARACTERS} characters`);
  }
  if (!/^https?:$/.test(url.protocol)) read.fail('url', 'must begin with http:// or https://');
  const [user, password] = [url.username, url.password].map(decoded);
  [url.username, url.password, url.hash] = ['', '', ''];
  return { url, ...(user && { user }), ...(password && { password }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function finalityOf(value: unknown): Finality {
  if (value === 'finalized' || value === 'safe') return value;
  return typeof value === 'number'
    ? read.integer(value, 'finality', 1, 100_000)
    : read.fail('finality', 'must be finalized, safe, or a number of blocks');
}

function printable(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length > 1024) read.fail(name, 'must be at most 1,024 characters');
  return value as string;
}
