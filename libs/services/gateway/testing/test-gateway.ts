import {
  ApiKeyRepository,
  openDatabase,
  RequestKey,
  WitnessKeyring,
  type Database,
} from '@solvent-por/services/database';
import { createLogger, Shutdown, type RunningService } from '@solvent-por/services/kit';
import {
  DEFAULT_CONFIGURATION,
  serveGateway,
  type GatewayConfiguration,
  type Publisher,
} from '@solvent-por/services/gateway';
import { testDatabase } from '@solvent-por/dev/servers';
import { Registry } from 'prom-client';
import { CountingWorkers } from './counting-workers';

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors:
    | ReadonlyArray<{ readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }>
    | undefined;
  readonly text: string;
}

/** A message that was published. */
export interface Published {
  readonly topic: string;
  readonly message: unknown;
}

/** Of all services of a test. */
export const REQUEST_KEY = RequestKey.parse(`0x${'33'.repeat(32)}`);

const UNLIMITED = { address: 0, key: 0 };

/** A gateway on a database of its own. */
export class TestGateway {
  readonly published: Published[] = [];
  /** Lines of the log. */
  readonly logged: string[] = [];
  readonly workers = new CountingWorkers();
  registry = new Registry();
  /** Throw here to break the bus; or hand on to another. */
  onPublish: Publisher['publish'] = async () => undefined;
  #service: RunningService | undefined;
  #configuration: Partial<GatewayConfiguration> = {};

  private constructor(
    /** As a superuser: what tests look at and spoil. */
    readonly database: Database,
    /** As the gateway sees it. */
    readonly asGateway: Database,
    readonly keyring: WitnessKeyring,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(configuration: Partial<GatewayConfiguration> = {}): Promise<TestGateway> {
    const { url, as, drop } = await testDatabase();
    const keyring = WitnessKeyring.parse(`test:0x${'ab'.repeat(32)}`);
    const test = new TestGateway(openDatabase(url), openDatabase(as('gateway')), keyring, drop);
    try {
      await test.#listen(configuration);
    } catch (error) {
      await test.close();
      throw error;
    }
    return test;
  }

  /** A gateway that starts anew on the same tables: its memory and its metrics are gone. */
  async restart(configuration: Partial<GatewayConfiguration> = this.#configuration): Promise<void> {
    await this.#service?.stop();
    this.registry = new Registry();
    await this.#listen(configuration);
  }

  get url(): string {
    return this.#service!.url;
  }

  async key(
    role: 'PARTNER' | 'AUDITOR' | 'OPERATOR',
    expiresAt?: Date,
  ): Promise<{ id: string; key: string }> {
    const keys = new ApiKeyRepository(this.database);
    return keys.create({
      name: `a ${role.toLowerCase()}`,
      role,
      createdBy: 'cli',
      ...(expiresAt && { expiresAt }),
    });
  }

  async ask(
    query: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<GraphqlAnswer> {
    return this.post(JSON.stringify({ query, variables }), headers);
  }

  /** @param body as it goes over the wire */
  async post(body: string, headers: Record<string, string> = {}): Promise<GraphqlAnswer> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.text();
    const { data, errors } = JSON.parse(text) as Pick<GraphqlAnswer, 'data' | 'errors'>;
    return { status: response.status, headers: response.headers, data, errors, text };
  }

  /**
   * Counts the statements that reach the database until it is stopped: Prisma's adapter and the repositories
   * both go through the pool.
   */
  countQueries(): { stop(): number } {
    const { pool } = this.asGateway;
    const query = pool.query.bind(pool) as (...given: unknown[]) => unknown;
    let count = 0;
    pool.query = ((...given: unknown[]) => {
      count++;
      return query(...given);
    }) as typeof pool.query;
    return {
      stop: () => {
        pool.query = query as typeof pool.query;
        return count;
      },
    };
  }

  async close(): Promise<void> {
    await this.#service?.stop();
    await this.workers.end();
    await Promise.all([this.database.close(), this.asGateway.close()]);
    await this.drop();
  }

  async #listen(configuration: Partial<GatewayConfiguration>): Promise<void> {
    this.#configuration = configuration;
    const logger = createLogger({
      service: 'gateway',
      level: 'debug',
      destination: { write: (line) => void this.logged.push(line) },
    });
    const bus: Publisher = {
      publish: async (contract, message) => {
        await this.onPublish(contract, message);
        this.published.push({ topic: contract.topic, message });
      },
      isReady: async () => true,
    };
    const { asGateway: database, keyring, workers, registry } = this;
    this.#service = await serveGateway(
      {
        ...DEFAULT_CONFIGURATION,
        http: { host: '127.0.0.1', port: 0 },
        rates: { lookup: UNLIMITED, verification: UNLIMITED, other: UNLIMITED },
        ...configuration,
      },
      {
        database,
        keyring,
        requestKey: REQUEST_KEY,
        bus,
        workers,
        registry,
        logger,
        shutdown: new Shutdown(logger),
        version: '0.0.0-test',
      },
      { signals: false },
    );
  }
}

/** The codes of an answer's errors. */
export function codesOf({ errors }: GraphqlAnswer): unknown[] | undefined {
  return errors?.map(({ extensions }) => extensions['code']);
}
