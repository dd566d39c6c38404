import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endWithUs } from '@solvent-por/dev/embedded-postgres';

export interface RpcCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What is answered instead of the honest answer; `undefined`: nothing ever comes. */
export type Lie = (call: RpcCall, honest: () => Promise<unknown>) => Promise<unknown> | unknown;

/** A node between a verifier and an honest one. */
export interface LyingNode {
  readonly url: string;
  /** Methods that it was asked, in their order. */
  readonly asked: readonly string[];
  /** Ends what hangs, too. */
  stop(): Promise<void>;
}

/** Thrown by a lie: an error of JSON-RPC. */
export class RpcRefusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** An answer that never comes. */
export const NEVER = Symbol('never');

/**
 * A JSON-RPC server that passes calls on to an honest node and may answer something else.
 * @param honest its URL
 */
export async function startLyingNode(honest: string, lie: Lie, authorization?: string): Promise<LyingNode> {
  const asked: string[] = [];
  const pass = async ({ method, params }: RpcCall): Promise<unknown> => {
    const response = await fetch(honest, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as {
      readonly result?: unknown;
      readonly error?: { readonly code: number; readonly message: string } | null;
    };
    if (error) throw new RpcRefusal(error.code, error.message);
    return result;
  };
  const answer = async (call: RpcCall): Promise<object | typeof NEVER> => {
    asked.push(call.method);
    try {
      const result = await lie(call, () => pass(call));
      return result === NEVER ? NEVER : { jsonrpc: '2.0', id: call.id, result };
    } catch (error) {
      const { code, message } =
        error instanceof RpcRefusal ? error : { code: -32603, message: (error as Error).message };
      return { jsonrpc: '2.0', id: call.id, error: { code, message } };
    }
  };
  return {
    asked,
    ...(await serve(async (body) => {
      const calls = JSON.parse(body) as RpcCall | readonly RpcCall[];
      if (!Array.isArray(calls)) {
        const single = await answer(calls as RpcCall);
        return single === NEVER ? undefined : JSON.stringify(single);
      }
      const answers = await Promise.all(calls.map(answer));
      return answers.includes(NEVER) ? undefined : JSON.stringify(answers);
    })),
  };
}

/** @param answer of a body; undefined: none ever comes */
async function serve(
  answer: (body: string) => Promise<string | undefined>,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      void answer(Buffer.concat(pieces).toString()).then((text) => {
        if (text !== undefined) response.setHeader('content-type', 'application/json').end(text);
      });
    });
  });
  await listening(server);
  const free = endWithUs(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      free();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
}
