import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest } from '@solvent-por/verifier';
// By their files: the rest of these libraries opens databases.
import { testClaimKeys } from '../../../libs/dev/proofs/testing/claim-keys';
import { sharedFolder } from '../../../libs/dev/servers/src/shared-server';
import { keyOf, readAccountInput } from '../src/check/account-input';
import { lookUpId, operatorOf } from '../src/check/check-account';

const ROOT = join(__dirname, '../../..');
const ID = 'nov-2026';
const KEYS = Array.from({ length: 6 }, (_, i) => (i + 1).toString(16).padStart(64, '0'));

/** A small snapshot with a claim tree, its development key, and the page as files beside both. */
export interface ClaimsSite {
  readonly site: string;
  readonly snapshot: string;
  readonly keys: readonly string[];
  readonly manifest: string;
  /** The verifying key's file, for the command line. */
  readonly verifyingKey: string;
  /** What the build says that a host should send. */
  readonly headers: Readonly<Record<string, string>>;
  /** An account's claim file, as its owner is given it. */
  readonly claimFile: (key: string) => Buffer;
  /** What a link or a request must not hold: the account's id in the snapshot. */
  readonly id: (key: string) => string;
  readonly solvent: (...args: string[]) => string;
}

/** Made once a run by the command line; the set-up, which takes most of it, once a machine. */
export async function claimsSite(): Promise<ClaimsSite> {
  const folder = await sharedFolder('claims-site', make);
  const manifest = join(folder, 'published/manifest.json');
  const parsed = parseManifest(readFileSync(manifest));
  const id = (key: string) =>
    lookUpId(parsed, keyOf(readAccountInput(key, false) as never, operatorOf(parsed)));
  const files = readdirSync(join(folder, 'claims')).map((name) => readFileSync(join(folder, 'claims', name)));
  const { headers } = JSON.parse(readFileSync(join(folder, 'site/build.json'), 'utf8')) as Pick<
    ClaimsSite,
    'headers'
  >;
  return {
    ...{ site: join(folder, 'site'), snapshot: ID, keys: KEYS, manifest, headers, id },
    verifyingKey: join(
      folder,
      'keys',
      readdirSync(join(folder, 'keys')).find((name) => name.endsWith('.json'))!,
    ),
    claimFile: (key) => files.find((file) => file.includes(id(key)))!,
    solvent: (...args) => run(folder, 'dist/cli/main.cjs', ...args),
  };
}

function run(cwd: string, file: string, ...args: string[]): string {
  return execFileSync(process.execPath, [join(ROOT, file), ...args], {
    cwd,
    stdio: 'pipe',
    encoding: 'utf8',
  });
}

async function make(folder: string): Promise<void> {
  const solvent = (...args: string[]) => run(folder, 'dist/cli/main.cjs', ...args);
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  cpSync((await testClaimKeys(2)).folder, join(folder, 'keys'), { recursive: true });
  solvent('generate', '--accounts', '3', '--assets', '3', '--mode', 'spot', '--output', 'input');
  const { keys, operator } = JSON.parse(readFileSync(join(folder, 'input/snapshot.json'), 'utf8')) as {
    readonly keys: object;
    readonly operator: string;
  };
  mkdirSync(join(folder, 'accounts'));
  write(
    'accounts/balances.json',
    KEYS.map((id) => ({ id, assets: { ETH: '1500000000', USDT: '200000' } })),
  );
  const verifyingKey = readdirSync(join(folder, 'keys')).find((name) => name.endsWith('.json'))!;
  write('input/snapshot.json', {
    ...{ snapshot: ID, takenAt: '2026-01-01T00:00:00Z', operator, mode: 'spot', keys },
    assets: [
      { symbol: 'ETH', scale: 9 },
      { symbol: 'USDT', scale: 6 },
    ],
    claims: { keys: [`../keys/${verifyingKey}`], allowDevelopment: true },
  });
  const from = ['--input', 'accounts', '--config', 'input/snapshot.json'];
  const everybody = ['prove-user', '--witness', 'published/witness', '--all'];
  solvent('prove', ...from, '--output', 'published');
  solvent(...everybody, '--output', 'proofs', '--claims', 'claims');
  solvent(...everybody, ...from, '--format', 'sealed', '--keys-are-secret', '--output', 'published/sealed');
  write('page.json', { files: 'published/', name: 'Example Exchange', operator });
  run(
    ROOT,
    'scripts/web-static.mjs',
    ...['--snapshot', join(folder, 'published'), '--config', join(folder, 'page.json')],
    ...['--claim-keys', join(folder, 'keys'), '--output', join(folder, 'site')],
  );
}
