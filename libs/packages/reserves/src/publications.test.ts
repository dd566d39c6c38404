import { publications, type Publication } from '../testing/vectors';
import { parseReserves } from './documents/parse-reserves';
import { readManifest } from './verify/manifest';
import { parsePricesFile } from './verify/prices';
import { verifyReserves } from './verify/verify-reserves';

const utf8 = (text: string) => new TextEncoder().encode(text);

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function verdict({ args, file }: Publication, size = 1000) {
  const { operator, manifest, previous, prices, block = [] } = args;
  return verifyReserves(utf8(file('reserves.json')), pieces(utf8(file('reserve-addresses.ndjson')), size), {
    operator,
    ...(manifest && { manifest: readManifest(utf8(file(manifest))) }),
    ...(previous && { previous: parseReserves(file(previous)) }),
    ...(prices && { prices: parsePricesFile(JSON.parse(file(prices))) }),
    blocks: Object.fromEntries(block.map((one) => one.split('=') as [string, string])),
  });
}

const all = publications();
test('there are twenty publications, right and refused', () => {
  expect(all.length).toBe(20);
  expect(new Set(all.map(({ report }) => report.verdict))).toEqual(new Set(['right', 'wrong', 'malformed']));
});

test.each(all)('$name: its report', async (publication) => {
  expect(await verdict(publication)).toMatchObject(publication.report);
});

test('the pieces in which the file comes change nothing', async () => {
  const chained = all.find(({ name }) => name === 'chained')!;
  expect(await verdict(chained, 1)).toEqual(await verdict(chained, 1_000_000));
});
