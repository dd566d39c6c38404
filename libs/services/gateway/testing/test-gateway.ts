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
import { testDatabase, type TestDatabase } from '@solvent-por/dev/servers';
import { InclusionPool } from '@solvent-por/prover';
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

/** What a test says of its gateway; what it does not limit is without limit. */
export interface TestConfiguration extends Partial<Omit<GatewayConfiguration, 'rates'>> {
  readonly rates?: Partial<GatewayConfiguration['rates']>;
}

/** A gateway on a database of its own. */
export class TestGateway {
  readonly published: Published[] = [];
  /** Lines of the log. */
  readonly logged: string[] = [];
  readonly workers = new CountingWorkers();
  readonly verifiers = new InclusionPool({ workers: 1 });
  registry = new Registry();
  /** Throw here to break the bus; or hand on to another. */
  onPublish: Publisher['publish'] = async () => undefined;
  #service: RunningService | undefined;
  #configuration: TestConfiguration = {};
  /** What allowances take for now: no minute ends while a test counts. */
  readonly clock = { now: Date.now() };

  private constructor(
    /** As a superuser: what tests look at and spoil. */
    readonly database: Database,
    /** As the gateway sees it. */
    readonly asGateway: Database,
    readonly keyring: WitnessKeyring,
    /** Address of the database as a service's role. */
    readonly as: TestDatabase['as'],
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(configuration: TestConfiguration = {}): Promise<TestGateway> {
    const { url, as, drop } = await testDatabase();
    const keyring = WitnessKeyring.parse(`test:0x${'ab'.repeat(32)}`);
    const test = new TestGateway(openDatabase(url), openDatabase(as('gateway')), keyring, as, drop);
    try {
      await test.#listen(configuration);
    } catch (error) {
      await test.close();
      throw error;
    }
    return test;
  }

  /** A gateway that starts anew on the same tables: its memory and its metrics are gone. */
  async restart(configuration: TestConfiguration = this.#configuration): Promise<void> {
    await this.#service?.stop();
    this.registry = new Registry();
    await this.#listen(configuration);
  }

  /** Where /metrics is answered, if anywhere. */
  get probesUrl(): string | undefined {
    return this.#service!.probesUrl;
  }

  get url(): string {
    return this.#service!.url;
  }

  async key(
    role: 'PARTNER' | 'AUDITOR' | 'OPERATOR',
    expiresAt?: Date,
    partners: readonly string[] = [],
  ): Promise<{ id: string; key: string }> {
    const keys = new ApiKeyRepository(this.database);
    return keys.create({
      name: `a ${role.toLowerCase()}`,
      ...{ role, partners },
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
    await Promise.all([this.workers.end(), this.verifiers.end()]);
    await Promise.all([this.database.close(), this.asGateway.close()]);
    await this.drop();
  }

  async #listen(configuration: TestConfiguration): Promise<void> {
    this.#configuration = configuration;
    // Nobody has asked for anything yet.
    await this.database.pool.query('TRUNCATE request_count');
    this.#service = await this.#serve(configuration, this.registry);
  }

  /** One more gateway on the same tables, which its test stops. */
  another(configuration: TestConfiguration): Promise<RunningService> {
    return this.#serve(configuration, new Registry());
  }

  #serve(configuration: TestConfiguration, registry: Registry): Promise<RunningService> {
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
    const { asGateway: database, keyring, workers, verifiers } = this;
    return serveGateway(
      {
        ...DEFAULT_CONFIGURATION,
        http: { host: '127.0.0.1', port: 0 },
        ...configuration,
        rates: {
          ...{
            request: UNLIMITED,
            lookup: UNLIMITED,
            verification: UNLIMITED,
            proving: UNLIMITED,
            other: UNLIMITED,
          },
          ...configuration.rates,
        },
      },
      {
        database,
        keyring,
        requestKey: REQUEST_KEY,
        bus,
        workers,
        verifiers,
        registry,
        logger,
        shutdown: new Shutdown(logger),
        version: '0.0.0-test',
        now: () => this.clock.now,
      },
      { signals: false },
    );
  }
}

/** The codes of an answer's errors. */
export function codesOf({ errors }: GraphqlAnswer): unknown[] | undefined {
  return errors?.map(({ extensions }) => extensions['code']);
}
