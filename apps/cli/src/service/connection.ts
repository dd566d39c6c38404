import type { Command } from 'commander';
import { SolventError } from '@solvent-por/kzg';
import { createClient, type SolventClient } from '@solvent-por/client';
import type { Context } from '../context';
import { readBounded } from '../files';
import { apiFailure } from './api-failure';
import { retrying } from './retry';

/** Where `npm start` and a gateway without further configuration listen. */
const DEFAULT_ENDPOINT = 'http://127.0.0.1:4000/graphql';
const MAX_KEY_BYTES = 1024;

export interface ConnectionOptions {
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
}

/** A gateway, as the commands talk to it. */
export interface Connection {
  readonly client: SolventClient;
  readonly endpoint: string;
  /**
   * Asks once more, a little later, where the service asks for patience; nobody answering at all is reported
   * at once.
   * @throws SolventError with the service's code
   */
  ask<T>(request: (client: SolventClient) => Promise<T>): Promise<T>;
}

/** Adds the options that every command against the services has. */
export function withConnection(command: Command): Command {
  return command
    .option('--endpoint <URL>', `address of the gateway (else SOLVENT_ENDPOINT, else ${DEFAULT_ENDPOINT})`)
    .option('--api-key-file <FILE>', 'file that holds an API key (else SOLVENT_API_KEY)')
    .option(
      '--api-key <KEY>',
      'the API key itself: other users of this machine see it in the list of processes, and the shell keeps it',
    );
}

/** @throws SolventError ENDPOINT_MALFORMED, API_KEY_MALFORMED, OPTIONS, FILE_UNREADABLE (kind usage) */
export async function connect(options: ConnectionOptions, context: Context): Promise<Connection> {
  const { environment, signal } = context;
  const endpoint = options.endpoint ?? (environment.SOLVENT_ENDPOINT || DEFAULT_ENDPOINT);
  const apiKey = await readApiKey(options, environment);
  let client: SolventClient;
  try {
    client = createClient({ endpoint, ...(apiKey === undefined ? {} : { apiKey }) });
  } catch (error) {
    throw apiFailure(error, endpoint);
  }
  if (apiKey !== undefined && travelsOpenly(endpoint))
    context.complain(
      `${context.style.warning} the API key travels unencrypted to ${endpoint}: everybody on the way can read it; use https`,
    );
  return {
    client,
    endpoint,
    ask: async (request) => {
      try {
        return await retrying(() => request(client), {
          worthwhile: ({ status, retryAfter = 0 }) => status !== undefined && retryAfter <= 30,
          tries: 4,
          signal,
        });
      } catch (error) {
        throw apiFailure(error, endpoint);
      }
    },
  };
}

async function readApiKey(
  { apiKey, apiKeyFile }: ConnectionOptions,
  environment: Context['environment'],
): Promise<string | undefined> {
  if (apiKey !== undefined && apiKeyFile !== undefined)
    throw new SolventError('OPTIONS', 'usage', 'give one of --api-key and --api-key-file');
  if (apiKeyFile !== undefined)
    return Buffer.from(await readBounded(apiKeyFile, MAX_KEY_BYTES))
      .toString('utf8')
      .trim();
  return apiKey ?? (environment.SOLVENT_API_KEY?.trim() || undefined);
}

function travelsOpenly(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
