import { base64 } from '@scure/base';
import { utf8 } from '@solvent-por/kzg';
import type { NodeConfiguration } from './configuration';
import { NodeFailure } from './failure';
import { Limit } from './limit';
import { readAtMost } from './read-at-most';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_CONCURRENCY = 8;
const DEFAULT_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** Shorter parts of a URL are `api`, `v3` and their like. */
const LEAST_KEY = 8;
/** A node that failed so often one request after the other is not asked any more: it would cost hours. */
const MOST_FAILURES = 3;

/** Nor one that so many requests, and more than one in ten, got no answer from in time. */
const LEAST_LATE = 24;
const LATE_SHARE = 10;

/** The function of that name, or one like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request to a node. */
export interface NodeRequest {
  /** Appended to the configured URL: `/block-height/1`. */
  readonly path?: string;
  /** JSON to be posted; absent: GET. */
  readonly body?: string;
  /** Most bytes of the answer. */
  readonly most: number;
  /** Where a request may take longer than most: instead of 30,000 ms. */
  readonly usualTimeoutMs?: number;
}

export interface NodeResponse {
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * Requests to one node: so many at once, each within its time and bytes, tried again where that may help. What
 * it throws names the node and never its URL.
 */
export class Requests {
  private readonly limit: Limit;
  private readonly ended = new AbortController();
  private readonly keys: readonly string[];
  private failures = 0;
  /** Of all attempts, how many got an answer, and how many got none in time. */
  private answered = 0;
  private late = 0;

  constructor(
    private readonly configuration: NodeConfiguration,
    private readonly fetch: Fetch,
  ) {
    this.limit = new Limit(configuration.concurrency ?? DEFAULT_CONCURRENCY);
    this.keys = keysOf(configuration);
  }

  /**
   * @param usable whether an answer with another status than 200 is one of the protocol's own
   * @throws NodeFailure NODE_UNREACHABLE, NODE_SLOW, NODE_REFUSES, NODE_ANSWER_MALFORMED (too long),
   *   NODE_SILENT
   */
  async send(
    request: NodeRequest,
    usable: (response: NodeResponse) => boolean = () => false,
  ): Promise<Uint8Array> {
    return this.limit.run(async () => {
      const attempts = this.configuration.attempts ?? DEFAULT_ATTEMPTS;
      for (let attempt = 1; ; attempt++) {
        this.refuseSilent();
        try {
          const response = await this.once(request);
          if (response.status !== 200 && !usable(response))
            throw this.failure(
              'NODE_REFUSES',
              `answers with HTTP status ${response.status}`,
              response.status,
            );
          this.failures = 0;
          this.answered++;
          return response.body;
        } catch (error) {
          if (!(error instanceof NodeFailure)) throw error;
          if (error.code === 'NODE_SLOW') this.late++;
          if (attempt < attempts && mayPass(error) && !this.ended.signal.aborted) {
            await this.pause(attempt);
            continue;
          }
          if (error.code !== 'NODE_ANSWER_MALFORMED') this.failures++;
          throw error;
        }
      }
    });
  }

  /** What is under way ends with NODE_UNREACHABLE. */
  close(): void {
    this.ended.abort();
  }

  /** `node NAME of NETWORK …` */
  failure(code: NodeFailure['code'], problem: string, status?: number): NodeFailure {
    const { name, network } = this.configuration;
    const failure = new NodeFailure(code, `the node ${name} of ${network} ${problem}`);
    return status !== undefined && mayPassLater(status) ? Object.assign(failure, { later: true }) : failure;
  }

  /** What the node says, without what opens it: some repeat the path, the key in it and all. */
  withoutKeys(said: string): string {
    return this.keys.reduce((text, key) => text.replaceAll(key, '[key]'), said);
  }

  /** A node that hangs at every second request costs hours, too, though it never fails three times in a row. */
  private refuseSilent(): void {
    if (this.failures >= MOST_FAILURES)
      throw this.failure('NODE_SILENT', `failed ${MOST_FAILURES} times in a row and is not asked any more`);
    if (this.late >= LEAST_LATE && this.late * LATE_SHARE > this.answered)
      throw this.failure(
        'NODE_SILENT',
        `gave no answer in time ${this.late} times and is not asked any more: give it fewer requests at once, or more time`,
      );
  }

  private async once({ path = '', body, most, usualTimeoutMs }: NodeRequest): Promise<NodeResponse> {
    const { url, timeoutMs = usualTimeoutMs ?? DEFAULT_TIMEOUT_MS } = this.configuration;
    const given = new AbortController();
    const stop = () => given.abort();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, timeoutMs);
    this.ended.signal.addEventListener('abort', stop);
    try {
      if (this.ended.signal.aborted) stop();
      const response = await this.fetch(path === '' ? url : url.replace(/\/?(?=\?|$)/, () => path), {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...this.authorization(),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        // Credentials are for this node, not for whomever it names.
        redirect: 'error',
        signal: given.signal,
      });
      const bytes = await readAtMost(response, most);
      if (!bytes) throw this.failure('NODE_ANSWER_MALFORMED', `answers with more than ${most} bytes`);
      return { status: response.status, body: bytes };
    } catch (error) {
      if (error instanceof NodeFailure) throw error;
      if (late) throw this.failure('NODE_SLOW', `gave no answer within ${timeoutMs} ms`);
      throw this.failure('NODE_UNREACHABLE', `cannot be reached${causeOf(error)}`);
    } finally {
      clearTimeout(timer);
      this.ended.signal.removeEventListener('abort', stop);
      stop();
    }
  }

  private authorization(): Readonly<Record<string, string>> {
    const { user, password } = this.configuration;
    if (user === undefined && password === undefined) return {};
    return { authorization: `Basic ${base64.encode(utf8(`${user ?? ''}:${password ?? ''}`))}` };
  }

  /** Longer after every attempt, and not for all at the same moment. */
  private pause(attempt: number): Promise<void> {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.ended.signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, longest * (0.5 + Math.random() / 2));
      this.ended.signal.addEventListener('abort', end);
    });
  }
}

/** What may be a key: the password, and longer parts of path and query. The longest first. */
function keysOf({ url, user, password }: NodeConfiguration): readonly string[] {
  const { pathname, search } = new URL(url);
  const parts = `${pathname}${search}`.split(/[/?&=]/).flatMap((part) => [part, ...decoded(part)]);
  const secrets = password ? [password, base64.encode(utf8(`${user ?? ''}:${password}`))] : [];
  return [...parts.filter(({ length }) => length >= LEAST_KEY), ...secrets].sort(
    (a, b) => b.length - a.length,
  );
}

function decoded(part: string): readonly string[] {
  try {
    return [decodeURIComponent(part)];
  } catch {
    return [];
  }
}

/** Whether the same request may be answered a little later. */
function mayPass(failure: NodeFailure): boolean {
  return failure.code === 'NODE_UNREACHABLE' || failure.code === 'NODE_SLOW' || 'later' in failure;
}

function mayPassLater(status: number): boolean {
  return status === 429 || status >= 500;
}

/** The system's own code alone: what else an error says may quote the URL. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : '';
}
