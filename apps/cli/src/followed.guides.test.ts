import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESERVES_FILE } from '@solvent-por/reserves';
import { readPageConfig } from '../../web/src/check/page-config';
import { makeTools, type Tools } from '../testing/guides/clean-clone';
import { followGuide, type GuideTable, type Reader } from '../testing/guides/follow-guide';
import { guideCommands, guides, readGuide, shownJson } from '../testing/guides/guide-commands';
import { serveAgain, type LocalService } from '../testing/guides/local-service';
import { ACCOUNT_KEYS, daysAgo, writeBalances, writeBinance } from '../testing/guides/reader-files';
import { temporaryFolder } from '../testing/run-cli';

/**
 * README.md and the guides, command by command, as a stranger follows them from a clean clone: the README's
 * `npm start` serves, the operator publishes there, and the auditor and a user check what was published.
 */
const root = temporaryFolder();
/** `npm start` with less to prove, on any port. */
const START = ['--accounts', '300'];
/** Dozens of processes one after the other: a hang is to be found, not slowness. */
const WHOLE_GUIDE = 900_000;
const KEY = `0x${ACCOUNT_KEYS[3]}`;
let tools: Tools;
let service: LocalService | undefined;
const served = () => {
  if (!service) throw new Error('nothing is served, for the README’s commands failed');
  return service;
};

beforeAll(() => {
  // Where the tests run as root, PostgreSQL runs as another user, who must get to its folder.
  chmodSync(root, 0o755);
  tools = makeTools(join(root, 'tools'));
});
afterAll(() => service?.end());

/** The configuration that the operators' guide shows, with what it leaves to its reader. */
const shownConfiguration = () => shownJson('docs/guides/operator.md') as Record<string, unknown>;

const operatorOf = ({ last }: Reader) => /0x[0-9a-f]{64}/.exec(last.stdout)![0];
/** Of the operators' guide: kept from when its key was made. */
let operator = '';

async function writeConfigurations({ clone, type }: Reader): Promise<void> {
  const { previous, ...config } = shownConfiguration();
  const write = (name: string, content: object) =>
    writeFileSync(
      join(clone, name),
      JSON.stringify({ ...config, operator, takenAt: daysAgo(1), ...content }),
    );
  writeBalances(join(clone, 'accounts'));
  writeBalances(
    join(clone, 'exported'),
    ACCOUNT_KEYS.map((_, i) => `user-${i}`),
  );
  write('snapshot.json', { previous });
  write('plain.json', { accountIds: 'plain' });
  write('last-month.json', { snapshot: 'oct-2026', takenAt: daysAgo(30) });
  await type('./solvent prove --input accounts/ --config last-month.json --output oct-2026');
  // What the configuration names as the manifest before.
  expect(previous).toBe('oct-2026/manifest.json');
}

/** What the services are asked for: they sign with their own key, after what `npm start` has published. */
function writeRequest({ clone }: Reader): void {
  const { previous: _, keys: _keys, ...config } = shownConfiguration();
  writeFileSync(
    join(clone, 'nov-2026.json'),
    JSON.stringify({ ...config, operator: served().operator, takenAt: daysAgo(0) }),
  );
  writeBalances(join(served().source, 'nov-2026', 'accounts'));
}

/** Of made-up accounts; what was signed of two addresses is nothing, and so they stay claimed. */
async function writeReserves({ clone, type }: Reader): Promise<void> {
  await type('./solvent generate --accounts 20 --output liabilities');
  await type(
    './solvent prove --input liabilities/accounts --config liabilities/snapshot.json --output proved',
  );
  copyFileSync(join(clone, 'proved/manifest.json'), join(clone, 'manifest.json'));
  copyFileSync(join(clone, 'liabilities/keys.json'), join(clone, 'keys.json'));
  const { header } = JSON.parse(readFileSync(join(clone, 'manifest.json'), 'utf8')) as {
    header: Record<'operator' | 'snapshot' | 'takenAt', string>;
  };
  const shown = shownJson('docs/guides/reserves.md') as { networks: object[]; lines: string[] };
  const { operator: key, snapshot, takenAt } = header;
  const block = { block: `0x${'00'.repeat(4)}${'05'.repeat(28)}`, time: takenAt, header: undefined };
  const networks = shown.networks.map((network) => ({ ...network, ...block }));
  const config = { ...shown, operator: key, snapshot, takenAt, networks, previous: null };
  writeFileSync(join(clone, 'reserves-config.json'), JSON.stringify(config));
  const addresses = ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'];
  for (const [i, name] of shown.lines.entries()) {
    const line = { network: 'bitcoin', asset: 'BTC', address: addresses[i], amount: '5', class: 'own' };
    writeFileSync(join(clone, name), `${JSON.stringify(line)}\n`);
  }
}

function writePage({ clone }: Reader): void {
  const config = shownJson('docs/guides/exchange-website.md') as object;
  writeFileSync(
    join(clone, 'solvent-page.json'),
    JSON.stringify({ ...config, operator: `0x${'05'.repeat(32)}` }),
  );
}

const CONTAINERS = 'containers: `npm run test:compose` runs these commands';
const CLUSTER = 'there is no cluster: `npm run check:infra` renders the manifests';
const ENDPOINT = ['https://proof.example/graphql', () => served().endpoint, 'served here'] as const;

/** No address is written down before there is one: somebody else could take it. */
const REPOSITORY = [
  'https://…/solvent',
  'https://solvent.example/solvent',
  'where this is published',
] as const;

const TABLES: Record<string, GuideTable> = {
  'README.md': {
    instead: [
      REPOSITORY,
      ['npm start ', `npm start -- --port 0 --once ${START.join(' ')} `, 'it would serve until Ctrl-C'],
    ],
    notRun: [[/^npm test/, 'it runs this test']],
  },
  'docs/guides/operator.md': {
    instead: [
      REPOSITORY,
      ['OPERATOR=0x…', (reader) => `OPERATOR=${(operator = operatorOf(reader))}`, 'just printed'],
      ['--key 0x…', `--key ${KEY}`, 'of an account in accounts/'],
      ['2026-11-30T00:00:00Z', daysAgo(1), 'the clock may stand before it'],
      ['/run/secrets/database-url', () => served().databaseUrlFile, 'where the database is'],
      [
        'revoke ID',
        'revoke "$(./solvent api-key new --name old --role partner --quiet | cut -d_ -f2)"',
        'of a key',
      ],
      ENDPOINT,
      ['--accounts 30000', '--accounts 300', 'less to make'],
    ],
    before: {
      './solvent ids': writeConfigurations,
      './solvent config import': ({ clone }) => writeBinance(clone),
      './solvent prove-user --witness nov-2026/witness --keys': ({ clone }) =>
        writeFileSync(join(clone, 'keys.txt'), ACCOUNT_KEYS.slice(0, 2).join('\n')),
      './solvent snapshot request': writeRequest,
    },
    notRun: [
      [/^docker /, CONTAINERS],
      [/^export SOLVENT_API_KEY=slv_…/, CONTAINERS],
      [/--source demo\/accounts$/, CONTAINERS],
      [/snapshot status generated/, CONTAINERS],
      [/^kubectl /, CLUSTER],
    ],
  },
  'docs/guides/auditor.md': {
    instead: [
      REPOSITORY,
      ['OPERATOR=0x…', () => `OPERATOR=${served().operator}`, 'from the exchange'],
      ENDPOINT,
    ],
    before: {
      // The two files that auditors are given.
      export: async ({ clone, type }) => {
        const fetch = (id: string, output: string) =>
          type(`./solvent fetch global --snapshot ${id} --output ${output} --endpoint ${served().endpoint}`);
        await fetch('demo-300', 'october');
        await fetch('nov-2026', 'november');
        copyFileSync(join(clone, 'october/manifest.json'), join(clone, 'manifest-of-last-month.json'));
        copyFileSync(join(clone, 'november/global-proof.ndjson'), join(clone, 'global-proof.ndjson'));
      },
    },
  },
  'docs/guides/user.md': {
    instead: [
      REPOSITORY,
      ['OPERATOR=0x…', () => `OPERATOR=${served().operator}`, 'from the exchange'],
      ENDPOINT,
    ],
    before: {
      // What users have: a proof file, the manifest, their key.
      export: async ({ clone, type }) => {
        writeFileSync(join(clone, 'my-account-key.txt'), `${KEY}\n`);
        await type(
          `./solvent fetch inclusion --snapshot nov-2026 --key ${KEY} --output my-proof.json --endpoint ${served().endpoint}`,
        );
      },
    },
  },
  'docs/guides/reserves.md': {
    instead: [REPOSITORY],
    before: { './solvent reserves statement': writeReserves },
  },
  'docs/guides/exchange-website.md': {
    instead: [REPOSITORY],
    before: { 'npm run web:static': writePage },
  },
};

const follow = (guide: string) =>
  followGuide(guide, TABLES[guide]!, join(root, guide.replace(/\W/g, '-')), tools.path);

test('every guide with commands is followed below', () => {
  const withCommands = guides().filter((guide) => guideCommands(readGuide(guide)).length > 0);
  expect(withCommands.sort()).toEqual(Object.keys(TABLES).sort());
});

test(
  'README.md, from a clean clone on',
  async () => {
    const clone = await follow('README.md');
    tools.keep(clone);
    service = await serveAgain(clone, START);
  },
  WHOLE_GUIDE,
);

test(
  'the guide for operators',
  async () => {
    const clone = await follow('docs/guides/operator.md');
    expect(readFileSync(join(clone, 'nov-2026/manifest.json'), 'utf8')).toContain(operator);
  },
  WHOLE_GUIDE,
);

test('the guide for auditors', async () => {
  await follow('docs/guides/auditor.md');
});

test('the guide for users', async () => {
  await follow('docs/guides/user.md');
});

test(
  'the guide for reserves',
  async () => {
    const clone = await follow('docs/guides/reserves.md');
    expect(existsSync(join(clone, 'nov-2026/reserves', RESERVES_FILE))).toBe(true);
  },
  WHOLE_GUIDE,
);

test(
  'the guide for the exchange’s website',
  async () => {
    const clone = await follow('docs/guides/exchange-website.md');
    const config = readFileSync(join(clone, 'dist/web-static/solvent-page.json'), 'utf8');
    expect(readPageConfig(config, 'https://proof.example/')).toMatchObject({ name: 'Example Exchange' });
  },
  WHOLE_GUIDE,
);
