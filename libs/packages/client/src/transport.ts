import { boundedBody } from './body';
import { deadline, type Deadline } from './deadline';
import { parseEndpoint, type Endpoint } from './endpoint';
import { retryAfterSeconds, SolventApiError } from './errors';
import type { Operation } from './operation';

/** How a client reaches its gateway. */
export interface TransportOptions {
  /** `https://proof.example/graphql`; `/graphql` may be left out. */
  readonly endpoint: string;
  /** `slv_…`; without one the service answers as it does to anybody. */
  readonly apiKey?: string | undefined;
  /** Instead of the runtime's own. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds without a sign of life after which a request is given up; 30,000 when left out. */
  readonly timeout?: number | undefined;
  /** Longest answer that is read, in bytes; 32 MiB when left out. Downloads have no bound. */
  readonly maxResponseBytes?: number | undefined;
}

export interface RequestOptions {
  /** Ends the request; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * How the service reports what went wrong: GraphQL's `errors`, or `{ code, message, … }` where it refuses a
 * download.
 */
interface Refusal {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** 32 MiB: a page of 50 manifests of 256 KiB, each as a string in JSON, with 1,024 totals beside it. */
const [TIMEOUT_MS, MAX_RESPONSE_BYTES, MAX_REFUSAL_BYTES] = [30_000, 32 << 20, 1 << 20];

/** Requests to one gateway. */
export class Transport {
  readonly endpoint: Endpoint;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;
  readonly #timeout: number;
  readonly #maxBytes: number;

  /** @throws SolventApiError ENDPOINT_MALFORMED, API_KEY_MALFORMED */
  constructor(options: TransportOptions) {
    this.endpoint = parseEndpoint(options.endpoint);
    const { apiKey } = options;
    // A line feed in it would be refused by fetch with the key in the message.
    if (apiKey !== undefined && !/^[\x21-\x7e]{1,256}$/.test(apiKey))
      throw new SolventApiError('API_KEY_MALFORMED', 'the API key is not one: it looks like slv_…');
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    // Browsers refuse a fetch that is called as somebody's method.
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#timeout = options.timeout ?? TIMEOUT_MS;
    this.#maxBytes = options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
  }

  /**
   * Asks, and reads the one field of the answer.
   * @throws SolventApiError of the service or of this client
   */
  async run<V extends object, T>(
    { name, field, document, result }: Operation<V, T>,
    variables: V,
    { signal }: RequestOptions,
  ): Promise<T> {
    const limit = deadline(this.#timeout, signal);
    try {
      const response = await this.#fetch(this.endpoint.graphql, {
        method: 'POST',
        headers: {
          ...this.#headers,
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
        },
        body: JSON.stringify({ operationName: name, query: document, variables }),
        // A redirected POST becomes a GET: the endpoint is wrong, and saying so helps more.
        redirect: 'error',
        signal: limit.signal,
      });
      limit.touch();
      const body = jsonOf(await boundedBody(response, this.#maxBytes, limit.touch));
      const refused = refusalOf(body);
      if (refused) throw apiError(response, refused);
      if (!response.ok) throw unexplained(response);
      const data = isObject(body) ? body.data : undefined;
      if (!isObject(data))
        throw new SolventApiError(
          'RESPONSE_MALFORMED',
          'what answers at the endpoint is no GraphQL service',
          {
            status: response.status,
          },
        );
      return result.read(data[field], field);
    } catch (error) {
      throw limit.explain(error);
    } finally {
      limit.done();
    }
  }

  /**
   * GET of something that anybody may have. The answer's body is the caller's to read, and the deadline's to
   * end.
   * @param path below the gateway's address
   * @throws SolventApiError of the service, for any status but those expected
   */
  async get(
    path: string,
    headers: Readonly<Record<string, string>>,
    expected: readonly number[],
    { signal }: RequestOptions,
  ): Promise<{ readonly response: Response; readonly limit: Deadline }> {
    const limit = deadline(this.#timeout, signal);
    try {
      const response = await this.#fetch(this.endpoint.rest(path), {
        headers: { ...this.#headers, ...headers },
        signal: limit.signal,
      });
      limit.touch();
      if (expected.includes(response.status)) return { response, limit };
      const body = jsonOf(await boundedBody(response, MAX_REFUSAL_BYTES, limit.touch));
      const refused = refusalOf(body);
      throw refused ? apiError(response, refused) : unexplained(response);
    } catch (error) {
      limit.done();
      throw limit.explain(error);
    }
  }
}

/** Undefined for what is no JSON: a proxy's page, say. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function refusalOf(body: unknown): Refusal | undefined {
  if (!isObject(body)) return undefined;
  const { errors } = body;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (isObject(first)) return refusal(first.message, isObject(first.extensions) ? first.extensions : {});
  const { message, ...rest } = body;
  return typeof rest.code === 'string' ? refusal(message, rest) : undefined;
}

function refusal(message: unknown, extensions: Refusal['extensions']): Refusal {
  const unsaid = 'the service refused, and did not say why';
  return { message: typeof message === 'string' ? message : unsaid, extensions };
}

function apiError({ status, headers }: Response, { message, extensions }: Refusal): SolventApiError {
  const { code, ...rest } = extensions;
  const details = Object.fromEntries(
    Object.entries(rest).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
  const { retryAfter } = details;
  return new SolventApiError(typeof code === 'string' ? code : 'QUERY_FAILED', message, {
    status,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : retryAfterSeconds(headers.get('retry-after')),
    details,
  });
}

/** An error of whatever stands between: it has nothing to say but a status. */
function unexplained({ status, headers }: Response): SolventApiError {
  return new SolventApiError(`HTTP_${status}`, `the endpoint answered with HTTP status ${status}`, {
    status,
    retryAfter: retryAfterSeconds(headers.get('retry-after')),
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
