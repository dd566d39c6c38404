import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SolventError } from '@solvent-por/kzg';
import { Client } from 'pg';
import { takeOwnership } from './ownership';
import { endWithUs } from './end-with-us';
import { freePort } from './free-ports';
import { clearOrphan, readPostmasterFile, stopServer } from './postmaster';
import { reachableHome, runAs, serverAccount, type ServerAccount } from './server-account';
import { serverBinaries, type ServerBinaries } from './server-binaries';

export interface EmbeddedPostgresOptions {
  /** Everything of the server stands in it: data, password, log. */
  readonly directory: string;
  /** A free one is taken unless it is given. */
  readonly port?: number;
  readonly log: (line: string) => void;
  /** Further settings of PostgreSQL, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Leaves the server running when this process ends without `stop`. */
  readonly outlive?: boolean;
}

export interface EmbeddedPostgres {
  /** `postgresql://…` with the password: a secret. */
  readonly url: string;
  readonly pid: number;
  /** Where it really stands: the server's account may be unable to reach the folder that was asked for. */
  readonly directory: string;
  /** What an earlier, killed run had left, and what was done about it. */
  readonly recovered: string | undefined;
  stop(): Promise<void>;
}

/** Name of the role and of the database. */
const NAME = 'solvent';
const LOG_BYTES = 8 * 1024 * 1024;
/** Recovery after a crash may take long: the server is given time while its process lives. */
const START_MS = 120_000;

/**
 * Starts the real PostgreSQL in a folder of its own, on 127.0.0.1 only, with a random password that is kept
 * there (mode 0600). The same folder gives the same database again.
 *
 * The server has a session of its own, so that Ctrl-C in the terminal reaches only us and we end it last. It
 * ends with this process, also by a signal that nobody here handles. Should this process be killed (SIGKILL),
 * the server goes on alone; the next start ends it in good order and says so in `recovered`.
 *
 * @throws SolventError EMBEDDED_POSTGRES_MISSING | EMBEDDED_POSTGRES_ACCOUNT | EMBEDDED_POSTGRES_IN_USE |
 *   EMBEDDED_POSTGRES_FOREIGN |
 *   EMBEDDED_POSTGRES_VERSION (usage), EMBEDDED_POSTGRES_FAILED (internal; with the end of its log)
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const home = reachableHome(resolve(options.directory), account, options.log);
  const binaries = serverBinaries(home, account);
  const release = takeOwnership(home);
  try {
    const server = new Server(realpathSync(home), binaries, account);
    const recovered = await server.prepare();
    const started = await server.start(options.port, options.settings ?? {});
    const url = await server.createDatabase(started.port);
    const pid = started.child.pid!;
    let stopping = false;
    started.child.once(
      'exit',
      () => stopping || options.log(`PostgreSQL ended by itself: ${server.logEnd()}`),
    );
    const leave = options.outlive ? () => undefined : endWithUs(() => started.child.kill('SIGINT'));
    const stop = async () => {
      stopping = true;
      leave();
      await stopServer(server.data, pid, binaries, account);
      release();
    };
    return { url, pid, directory: home, recovered, stop };
  } catch (error) {
    release();
    throw error;
  }
}

class Server {
  readonly data: string;
  readonly #passwordFile: string;
  readonly #log: string;

  constructor(
    home: string,
    private readonly binaries: ServerBinaries,
    private readonly account: ServerAccount | undefined,
  ) {
    this.data = join(home, 'data');
    this.#passwordFile = join(home, 'password');
    this.#log = join(home, 'server.log');
  }

  /** A data folder that no server uses, made when there is none. */
  async prepare(): Promise<string | undefined> {
    if (!existsSync(this.data)) {
      this.#initialise();
      return undefined;
    }
    const major = readFileSync(join(this.data, 'PG_VERSION'), 'utf8').trim();
    if (major !== this.binaries.major)
      throw new SolventError(
        'EMBEDDED_POSTGRES_VERSION',
        'usage',
        `${this.data} was written by PostgreSQL ${major}, this is ${this.binaries.major}: move the data by pg_dump, or give another data folder`,
        { written: major, installed: this.binaries.major },
      );
    return clearOrphan(this.data, this.binaries, this.account);
  }

  /** initdb into a folder beside, then renamed: a killed one leaves nothing that looks whole. */
  #initialise(): void {
    const making = `${this.data}.making`;
    rmSync(making, { recursive: true, force: true });
    writeFileSync(this.#passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
    chmodSync(this.#passwordFile, 0o600);
    if (this.account) chownSync(this.#passwordFile, this.account.uid, this.account.gid);
    const { status, stderr, error } = spawnSync(
      this.binaries.initdb,
      [
        ...['-D', making, '-U', NAME, `--pwfile=${this.#passwordFile}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', '--locale=C', '--no-instructions'],
      ],
      { ...runAs(this.account), cwd: '/', encoding: 'utf8', env: plainEnvironment() },
    );
    if (status !== 0) throw failed('initdb failed', error?.message ?? stderr);
    renameSync(making, this.data);
  }

  async start(
    port: number | undefined,
    settings: Readonly<Record<string, string>>,
  ): Promise<{ child: ChildProcess; port: number }> {
    for (let attempt = 0; ; attempt++) {
      const chosen = port ?? (await freePort());
      const child = this.#spawn(chosen, settings);
      if (await this.#isReady(child)) return { child, port: chosen };
      const end = this.logEnd();
      // A free port may be taken meanwhile; the children of a server that was killed need a moment to notice,
      // and its parent to collect it: until then PostgreSQL takes it for alive. That no server runs here was
      // looked at before.
      const passing =
        port === undefined
          ? /in use|lock file .* already exists/
          : /still in use|lock file .* already exists/;
      if (attempt >= 20 || !passing.test(end)) throw failed('PostgreSQL did not start', end);
      await delay(500);
    }
  }

  #spawn(port: number, settings: Readonly<Record<string, string>>): ChildProcess {
    if (existsSync(this.#log) && statSync(this.#log).size > LOG_BYTES)
      renameSync(this.#log, `${this.#log}.1`);
    // To a file: a pipe would break with us.
    const log = openSync(this.#log, 'a', 0o600);
    try {
      const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
      const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const child = spawn(this.binaries.postgres, ['-D', this.data, '-p', String(port), ...flags], {
        ...runAs(this.account),
        cwd: this.data,
        env: plainEnvironment(),
        detached: true,
        stdio: ['ignore', log, log],
      });
      child.unref();
      return child;
    } finally {
      closeSync(log);
    }
  }

  async #isReady(child: ChildProcess): Promise<boolean> {
    let gone = false;
    child.once('exit', () => (gone = true)).once('error', () => (gone = true));
    for (let waited = 0; waited < START_MS && !gone; waited += 20) {
      const file = readPostmasterFile(this.data);
      if (file?.ready && file.pid === child.pid) return true;
      await delay(20);
    }
    if (!gone) child.kill('SIGQUIT');
    return false;
  }

  /** @returns the address of the database, which is made when there is none */
  async createDatabase(port: number): Promise<string> {
    const password = readFileSync(this.#passwordFile, 'utf8').trim();
    const address = (database: string) => `postgresql://${NAME}:${password}@127.0.0.1:${port}/${database}`;
    const client = new Client({ connectionString: address('postgres') });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
    } finally {
      await client.end();
    }
    return address(NAME);
  }

  logEnd(): string {
    if (!existsSync(this.#log)) return 'it wrote no log';
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  }
}

/**
 * Without our own secrets and without PG… variables, which the programs would obey; messages in English, for
 * we read them.
 */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TEMP, SystemRoot, LD_LIBRARY_PATH } = process.env;
  const kept = { PATH, HOME, TMPDIR, TEMP, SystemRoot, LD_LIBRARY_PATH };
  return { ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value)), LC_ALL: 'C', TZ: 'UTC' };
}

function failed(what: string, reason: string): SolventError<'EMBEDDED_POSTGRES_FAILED'> {
  return new SolventError('EMBEDDED_POSTGRES_FAILED', 'internal', `${what}: ${reason.trim()}`);
}
