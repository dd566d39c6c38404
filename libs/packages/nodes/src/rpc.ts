import { printableText } from './text';
import { exactJson } from './exact-json';
import { malformedAnswer, NodeFailure } from './failure';
import type { NodeResponse, Requests } from './requests';

const DEFAULT_BATCH = 50;
/** Of one answer of a batch, unless it is said otherwise. */
const USUAL_BYTES = 1 << 18;
/** Of one request's whole answer. */
const MOST_BYTES = 1 << 26;
const MOST_MESSAGE_CHARACTERS = 200;
/** "Limit exceeded" of EIP-1474: the same call may be answered later. */
const LIMIT_EXCEEDED = -32005;

/** An error that the node gave for one call. */
export class RpcError extends NodeFailure {
  constructor(
    message: string,
    /** JSON-RPC's own, such as -32601: there is no such method. */
    readonly rpcCode: number,
    /** What the node says of it. */
    readonly said: string,
  ) {
    super('NODE_REFUSES', message);
  }
}

export interface RpcOptions {
  /** Most bytes of the answer. */
  readonly most?: number;
  readonly usualTimeoutMs?: number;
}

interface Call extends RpcOptions {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * JSON-RPC with a node: what is called within one turn goes out together, in batches where the node takes
 * them. Numbers of results are strings of their digits.
 */
export class Rpc {
  private waiting: Call[] = [];
  private batches = true;

  constructor(
    private readonly requests: Requests,
    private readonly batch = DEFAULT_BATCH,
  ) {}

  /** @throws NodeFailure; of them RpcError where the node gave an error for this call */
  call(method: string, params: readonly unknown[], options: RpcOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // After all that runs now, so that the calls of other lines are there, too.
      if (this.waiting.length === 0) setTimeout(() => this.flush(), 0);
      this.waiting.push({ method, params, ...options, resolve, reject });
    });
  }

  private flush(): void {
    const calls = this.waiting;
    this.waiting = [];
    for (let at = 0; at < calls.length;) {
      const size = this.chunk(calls, at);
      void this.together(calls.slice(at, at + size));
      at += size;
    }
  }

  /** How many calls go into the next request: their answers must have room in it. */
  private chunk(calls: readonly Call[], at: number): number {
    let [size, bytes] = [0, 0];
    const most = this.batches ? this.batch : 1;
    while (at + size < calls.length && size < most) {
      bytes += calls[at + size]!.most ?? USUAL_BYTES;
      if (size > 0 && bytes > MOST_BYTES) break;
      size++;
    }
    return size;
  }

  private async together(calls: readonly Call[]): Promise<void> {
    try {
      if (calls.length === 1 || !this.batches) {
        await Promise.all(calls.map((call) => this.single(call)));
        return;
      }
      const answers = await this.send(calls);
      if (Array.isArray(answers)) this.deliver(calls, answers);
      else {
        // One error instead of a list: the node takes no batches.
        this.batches = false;
        await Promise.all(calls.map((call) => this.single(call)));
      }
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }

  private async single(call: Call): Promise<void> {
    try {
      const answer = await this.send([call]);
      this.deliver([call], Array.isArray(answer) ? answer : [answer]);
    } catch (error) {
      call.reject(error);
    }
  }

  private async send(calls: readonly Call[]): Promise<unknown> {
    const bodies = calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }));
    const timeouts = calls.flatMap(({ usualTimeoutMs }) => usualTimeoutMs ?? []);
    const bytes = await this.requests.send(
      {
        body: JSON.stringify(calls.length === 1 ? bodies[0] : bodies),
        most: Math.min(
          MOST_BYTES,
          calls.reduce((sum, { most = USUAL_BYTES }) => sum + most, 0),
        ),
        ...(timeouts.length > 0 && { usualTimeoutMs: Math.max(...timeouts) }),
      },
      isOwnError,
    );
    return exactJson(bytes);
  }

  private deliver(calls: readonly Call[], answers: readonly unknown[]): void {
    const [first] = answers;
    // What could not even be read is answered with no id.
    if (calls.length === 1 && typeof first === 'object' && first !== null && 'error' in first && first.error)
      answers = [{ ...first, id: '0' }];
    const byId = new Map<unknown, Readonly<Record<string, unknown>>>();
    for (const answer of answers.slice(0, calls.length)) {
      if (typeof answer !== 'object' || answer === null) continue;
      const members = answer as Readonly<Record<string, unknown>>;
      // Which of them would be meant, nobody knows.
      if (byId.has(members.id)) malformedAnswer('the node answers one call twice');
      byId.set(members.id, members);
    }
    calls.forEach((call, id) => {
      try {
        call.resolve(this.resultOf(byId.get(String(id)), call.method));
      } catch (error) {
        call.reject(error);
      }
    });
  }

  private resultOf(answer: Readonly<Record<string, unknown>> | undefined, method: string): unknown {
    if (!answer) return malformedAnswer(`the node gives no answer to ${method}`);
    if (answer.error === undefined || answer.error === null) {
      if (!Object.hasOwn(answer, 'result')) malformedAnswer(`the node gives no result of ${method}`);
      return answer.result;
    }
    const { code, message } = answer.error as { readonly code?: unknown; readonly message?: unknown };
    const said =
      typeof message === 'string'
        ? printableText(this.requests.withoutKeys(message), MOST_MESSAGE_CHARACTERS)
        : '';
    const number = typeof code === 'string' && /^-?[0-9]{1,9}$/.test(code) ? Number(code) : 0;
    const problem =
      number === LIMIT_EXCEEDED ? 'asks for fewer requests: give it a smaller batch' : 'refuses';
    throw new RpcError(
      this.requests.failure('NODE_REFUSES', `${problem} ${method}${said ? `: ${said}` : ''}`).message,
      number,
      said,
    );
  }
}

/** Bitcoin Core gives an error of a call with status 500, or 404 for a method that it has not. */
function isOwnError({ status, body }: NodeResponse): boolean {
  if (status !== 500 && status !== 404 && status !== 400) return false;
  try {
    const value = exactJson(body);
    return (
      Array.isArray(value) ||
      (typeof value === 'object' && value !== null && 'error' in value && 'id' in value)
    );
  } catch {
    return false;
  }
}
