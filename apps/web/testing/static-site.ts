import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerDigest, manifestDigest, parseManifest } from '@solvent-por/verifier';
import { toHex } from '@solvent-por/kzg';
// By its file: the rest of that library opens databases.
import { sharedFolder } from '../../../libs/dev/servers/src/shared-server';
import { bitcoinMessage, eip191, secpKey } from '../../../libs/packages/reserves/testing/keys';
import {
  ALICE,
  ETHER,
  ETHER_PROOF,
  evmHeader,
  TETHER,
  TETHER_PROOF,
  USDT,
  USDT_STORAGE,
} from '../../../libs/packages/reserves/testing/made-publication';
import { signedText, type Stated } from '../../../libs/packages/reserves/src/documents/texts';

const ROOT = join(__dirname, '../../..');
const ID = 'nov-2026';
const TAKEN_AT = '2026-01-01T00:00:00Z';
/** Text of somebody else's, on every screen that shows it. */
export const ATTACK = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
const BLOCK = evmHeader(23_900_000n, TAKEN_AT);
/** As from elsewhere. */
export const BLOCK_HASH = BLOCK.block;
/** Lines without evidence, so that the list has pages. */
const MORE_LINES = 120;

/** What is owed: as much ether as the state of the made publications holds, and less of the other. */
const ACCOUNTS = Array.from({ length: 20 }, (_, i) => ({
  id: (i + 1).toString(16).padStart(64, '0'),
  assets: { ETH: '150000000', USDT: '200000' },
}));

/** Publications over the same manifest: all of it shown, too little, and nothing shown. */
export const VARIANTS = ['covered', 'short', 'claimed'] as const;
export type Variant = (typeof VARIANTS)[number];

export interface StaticSite {
  /** The page with its files, to be served. */
  readonly site: string;
  readonly snapshot: string;
  /** Account keys. */
  readonly keys: readonly string[];
  /** What the build said. */
  readonly built: string;
  /** Both files of a publication. */
  readonly reserves: (variant: Variant) => { readonly reserves: Buffer; readonly addresses: Buffer };
}

/** A small snapshot, proved, sealed and published with its reserves, and the page as files: made once a run. */
export async function staticSite(): Promise<StaticSite> {
  const folder = await sharedFolder('static-site', async (made) => make(made));
  return {
    site: join(folder, 'site'),
    snapshot: ID,
    keys: ACCOUNTS.map(({ id }) => id),
    built: readFileSync(join(folder, 'built.txt'), 'utf8'),
    reserves: (variant) => ({
      reserves: readFileSync(join(folder, variant, 'reserves.json')),
      addresses: readFileSync(join(folder, variant, 'reserve-addresses.ndjson')),
    }),
  };
}

function make(folder: string): void {
  const program = (cwd: string, file: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(ROOT, file), ...args], { cwd, stdio: 'pipe', encoding: 'utf8' });
  const solvent = (...args: string[]) => program(folder, 'dist/cli/main.cjs', ...args);
  // Its keys, and the names that go with them.
  solvent('generate', '--accounts', '3', '--assets', '3', '--mode', 'spot', '--output', 'input');
  const { keys, operator } = JSON.parse(readFileSync(join(folder, 'input/snapshot.json'), 'utf8')) as {
    readonly keys: object;
    readonly operator: string;
  };
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  mkdirSync(join(folder, 'accounts'));
  write('accounts/balances.json', ACCOUNTS);
  const assets = [
    { symbol: 'ETH', scale: 9 },
    { symbol: 'USDT', scale: 6 },
  ];
  write('input/snapshot.json', { snapshot: ID, takenAt: TAKEN_AT, operator, mode: 'spot', assets, keys });
  const from = ['--input', 'accounts', '--config', 'input/snapshot.json'];
  solvent('prove', ...from, '--output', 'published');
  const sealed = ['--format', 'sealed', '--keys-are-secret', '--output', 'published/sealed'];
  solvent('prove-user', '--witness', 'published/witness', '--all', ...from, ...sealed);

  const manifest = parseManifest(readFileSync(join(folder, 'published/manifest.json')));
  const document = {
    ...{ operator, domain: 'exchange.example', snapshot: ID, takenAt: TAKEN_AT, anchor: 'eip155:1' },
    liabilities: {
      header: toHex(headerDigest(manifest.header)),
      manifest: toHex(manifestDigest(manifest)),
    },
    networks: [
      {
        network: 'bitcoin',
        height: '925000',
        block: `0x${'00'.repeat(9)}${'cd'.repeat(23)}`,
        time: TAKEN_AT,
      },
      { network: 'eip155:1', height: '23900000', block: BLOCK.block, time: TAKEN_AT, header: BLOCK.header },
    ],
  };
  for (const variant of VARIANTS) {
    const lines = linesOf(variant, signedText(document as Stated));
    writeFileSync(
      join(folder, `${variant}.ndjson`),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    write(`input/${variant}.json`, {
      ...document,
      keys,
      messages: [ATTACK],
      assets: [{ symbol: 'BTC', scale: 8 }, ...assets],
      holdings: [{ network: 'eip155:1', asset: 'USDT', token: USDT, decimals: 6, storage: USDT_STORAGE }],
      attested: [{ symbol: 'GOLD', scale: 0, amount: '7', by: 'Example Vaults Ltd', digest: null }],
      lines: [`../${variant}.ndjson`],
    });
    solvent('reserves', 'build', variant, '--config', `input/${variant}.json`);
  }
  cpSync(join(folder, 'covered'), join(folder, 'published/reserves'), { recursive: true });
  write('page.json', {
    files: 'published/',
    explorers: { 'eip155:1': 'https://explorer.example/address/{address}' },
  });
  const built = program(
    ROOT,
    'scripts/web-static.mjs',
    ...['--snapshot', join(folder, 'published'), '--config', join(folder, 'page.json')],
    ...['--output', join(folder, 'site')],
  );
  writeFileSync(join(folder, 'built.txt'), built);
}

function linesOf(variant: Variant, text: string): object[] {
  const ownership = { scheme: 'eip191', signatures: [eip191(text, ALICE)] };
  const shown = { network: 'eip155:1', address: ALICE.evm, class: 'own', ownership };
  const word = { network: 'eip155:1', address: ALICE.evm, class: 'custodian' };
  const ether = variant === 'short' ? ETHER / 2n : ETHER;
  const more = Array.from({ length: MORE_LINES }, (_, i) => ({
    ...{ network: 'eip155:1', asset: 'ETH', address: secpKey(`page ${i}`).evm, amount: '0', class: 'own' },
  }));
  const bitcoin = {
    ...{ network: 'bitcoin', asset: 'BTC', address: ALICE.p2pkh, amount: '100', class: 'own' },
    ownership: { scheme: 'bitcoin-message', signatures: [bitcoinMessage(text, ALICE)] },
  };
  return [
    bitcoin,
    variant === 'covered'
      ? { ...shown, asset: 'ETH', amount: ETHER.toString(), balance: ETHER_PROOF }
      : { ...word, asset: 'ETH', amount: ether.toString() },
    { ...shown, asset: 'USDT', token: USDT, amount: TETHER.toString(), balance: TETHER_PROOF },
    ...more,
  ];
}
