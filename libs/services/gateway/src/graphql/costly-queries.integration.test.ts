import { provedSnapshot, storeSnapshot } from '../../testing/proved-snapshot';
import { codesOf, TestGateway } from '../../testing/test-gateway';

let harness: TestGateway;

beforeAll(async () => {
  harness = await TestGateway.start();
  await storeSnapshot(harness.database, harness.keyring, await provedSnapshot('october'));
});

afterAll(() => harness?.close());
afterEach(() => harness.restart({}));

test('a short document of many fields that overlap is refused before they are compared with each other', async () => {
  const overlapping = `{ ${'latestSnapshot { id } '.repeat(400)} }`;
  const answer = await harness.ask(overlapping);
  expect([answer.status, codesOf(answer)]).toEqual([400, ['QUERY_TOO_COSTLY']]);
});

test('lists under aliases cost all their leaves', async () => {
  const lists = (count: number) =>
    `{ globalProof(snapshotId: "october") { ${Array.from({ length: count }, (_, i) => `a${i}: batches(first: 50) { nodes { batch hash sum } }`).join(' ')} } }`;
  expect(codesOf(await harness.ask(lists(40)))).toBeUndefined();
  expect(codesOf(await harness.ask(lists(50)))).toEqual(['QUERY_TOO_COSTLY']);
});

test('an answer is no longer than it may be, run for the first time as compiled', async () => {
  await harness.restart({ answerBytes: 20_000 });
  const pages = (count: number) =>
    `{ ${Array.from({ length: count }, (_, i) => `a${i}: manifests(first: 1) { nodes { document } }`).join(' ')} }`;
  expect(codesOf(await harness.ask(pages(1)))).toBeUndefined();
  for (let run = 0; run < 6; run++) {
    const answer = await harness.ask(pages(40));
    expect([answer.status, codesOf(answer)]).toEqual([400, ['ANSWER_TOO_LARGE']]);
    expect(answer.text.length).toBeLessThan(400);
  }
});

test('a body longer than any document is read from operators alone, and before it comes', async () => {
  const body = JSON.stringify({
    query: 'mutation ($p: JSON!) { verifyInclusion(proof: $p) { valid } }',
    variables: { p: Array.from({ length: 400_000 }, () => 1) },
  });
  const as = async (role: 'AUDITOR' | 'OPERATOR') => ({
    authorization: `Bearer ${(await harness.key(role)).key}`,
  });
  for (const headers of [{}, await as('AUDITOR')]) {
    const refused = await harness.post(body, headers);
    expect([refused.status, codesOf(refused)]).toEqual([413, ['BODY_TOO_LARGE']]);
  }
  expect(codesOf(await harness.post(body, await as('OPERATOR')))).toEqual(['DOCUMENT_TOO_LARGE']);
});
