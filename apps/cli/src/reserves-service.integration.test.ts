import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  provedSnapshot,
  storeSnapshot,
  type ProvedSnapshot,
} from '../../../libs/services/gateway/testing/proved-snapshot';
import { publicationOf, ReservesServices } from '../../../libs/services/gateway/testing/served-reserves';
import { TestGateway } from '../../../libs/services/gateway/testing/test-gateway';
import { runJson, temporaryFolder } from '../testing/run-cli';

/** Reserves from the operator's request to an auditor's verdict: the CLI, a gateway, ingest, a prover, real PostgreSQL. */
const folder = temporaryFolder();
let harness: TestGateway;
let services: ReservesServices;
let proved: ProvedSnapshot;
let operator: Record<string, string>;
let anybody: Record<string, string>;

beforeAll(async () => {
  proved = await provedSnapshot('october');
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, proved);
  services = await ReservesServices.start(harness);
  anybody = { SOLVENT_ENDPOINT: `${harness.url}/graphql` };
  operator = { ...anybody, SOLVENT_API_KEY: (await harness.key('OPERATOR')).key };
});
afterAll(async () => {
  await services?.stop();
  await harness?.close();
});

const reserves = (command: string[], environment = operator) =>
  runJson(['reserves', ...command], { environment });

test('asked for, watched, shown, taken home, and verified there', async () => {
  expect(await reserves(['show', 'october'], anybody)).toMatchObject({
    ...{ code: 2, document: { code: 'RESERVES_NOT_FOUND' } },
  });
  services.put('false', publicationOf(proved, { falseLine: 4 }));
  expect(await reserves(['request', 'october', '--source', 'false'])).toMatchObject({
    ...{ code: 0, document: { created: true, reserves: { snapshot: 'october' } } },
  });
  expect(await reserves(['watch', 'october', '--interval', '1'])).toMatchObject({
    code: 1,
    document: { line: 4 },
  });

  const made = publicationOf(proved);
  services.put('right', made);
  await reserves(['request', 'october', '--source', 'right']);
  expect(await reserves(['watch', 'october', '--interval', '1'])).toMatchObject({
    ...{ code: 0, document: { reserves: { state: 'PUBLISHED', digest: made.digest } } },
  });
  expect(await reserves(['show', 'october'], anybody)).toMatchObject({
    ...{ code: 0, document: { solvency: { verdict: 'NOT_COVERED_ON_CHAIN' } } },
  });
  expect(await reserves(['request', 'october', '--source', 'right'])).toMatchObject({
    ...{ code: 2, document: { code: 'RESERVES_PUBLISHED' } },
  });

  const output = join(folder, 'home');
  const fetch = () =>
    runJson(['fetch', 'reserves', '--snapshot', 'october', '--output', output], { environment: anybody });
  expect(await fetch()).toMatchObject({
    code: 0,
    document: { digest: made.digest, bytes: made.addresses.length },
  });
  expect(readFileSync(join(output, 'reserve-addresses.ndjson'), 'utf8')).toBe(made.addresses);
  expect(await fetch()).toMatchObject({ code: 0, document: { bytes: null } });
  const manifest = join(folder, 'manifest.json');
  writeFileSync(manifest, proved.document);
  const verdict = await runJson([
    ...['verify-reserves', output, '--manifest', manifest, '--operator', proved.header.operator],
  ]);
  expect(verdict).toMatchObject({ code: 0, document: { verdict: 'right', digest: made.digest } });
});
