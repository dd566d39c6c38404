import { SolventApiError } from './errors';

/** Where a gateway answers. */
export interface Endpoint {
  readonly graphql: URL;
  /** @param path below the gateway's own address: `snapshots/nov-2026/manifest.json` */
  rest(path: string): URL;
}

/**
 * @param address the gateway's address, or that of its GraphQL: `https://proof.example`,
 *   `https://proof.example/graphql`
 * @throws SolventApiError ENDPOINT_MALFORMED
 */
export function parseEndpoint(address: string): Endpoint {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw malformed('it is no URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw malformed('it must be http or https');
  if (url.username !== '' || url.password !== '') throw malformed('it must hold no password');
  if (url.search !== '' || url.hash !== '') throw malformed('it must end with its path');
  const base = url.href.replace(/\/(?:graphql\/?)?$/, '');
  return { graphql: new URL(`${base}/graphql`), rest: (path) => new URL(`${base}/${path}`) };
}

function malformed(reason: string): SolventApiError {
  return new SolventApiError(
    'ENDPOINT_MALFORMED',
    `the endpoint must be the address of a gateway, such as https://proof.example/graphql: ${reason}`,
  );
}
