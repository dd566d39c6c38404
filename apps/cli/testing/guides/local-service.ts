import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm start` left in a clone, served again. */
export interface LocalService {
  readonly endpoint: string;
  readonly operator: string;
  /** Of ingest: where balances are put. */
  readonly source: string;
  /** A file that holds the database's address. */
  readonly databaseUrlFile: string;
  end(): Promise<void>;
}

/** @param options those of `npm start`, the same as before */
export async function serveAgain(clone: string, options: readonly string[]): Promise<LocalService> {
  const data = join(clone, 'data');
  const child = spawn(
    process.execPath,
    [join(clone, 'dist/services/embedded.cjs'), '--data', data, '--port', '0', ...options],
    { cwd: clone, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    return { ...(await learn(child, data)), end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function learn(child: ChildProcess, data: string): Promise<Omit<LocalService, 'end'>> {
  const output = await untilSaid(child, /Serving until Ctrl-C/);
  const found = (pattern: RegExp) => pattern.exec(output)![1]!;
  const databaseUrlFile = join(data, 'database-url');
  writeFileSync(databaseUrlFile, databaseUrl(data), { mode: 0o600 });
  return {
    endpoint: found(/GraphQL +(http:\S+)/),
    operator: found(/Operator +(0x[0-9a-f]{64})/),
    source: join(data, 'source'),
    databaseUrlFile,
  };
}

function untilSaid(child: ChildProcess, what: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (what.test(output)) resolve(output);
      });
    child.once('close', () => reject(new Error(`it never said ${what}:\n${output}`)));
  });
}

/** As the owner of its tables; its port as the server has written it down, in the fourth line of postmaster.pid. */
function databaseUrl(data: string): string {
  const port = readFileSync(join(data, 'postgres', 'data', 'postmaster.pid'), 'utf8')
    .split('\n')[3]!
    .trim();
  const password = readFileSync(join(data, 'keys', 'database-migrator'), 'utf8').trim();
  return `postgresql://solvent_migrator:${password}@127.0.0.1:${port}/solvent`;
}
