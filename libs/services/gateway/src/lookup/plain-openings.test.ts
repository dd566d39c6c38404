import { PlainOpenings } from './plain-openings';

function harness(mostWaiting: number) {
  const asked: { readonly key: string; end(opening: Uint8Array): void }[] = [];
  const openings = new PlainOpenings(
    (id, batch, row) => new Promise((end) => asked.push({ key: `${id}/${batch}/${row}`, end })),
    mostWaiting,
  );
  return { openings, asked };
}

test('the same one is opened once for all who ask meanwhile', async () => {
  const { openings, asked } = harness(2);
  const answers = [1, 2, 3].map(() => openings.get('s', 1, 7));
  expect(asked.map(({ key }) => key)).toEqual(['s/1/7']);
  asked[0]!.end(Uint8Array.of(9));
  expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => Uint8Array.of(9)));
});

test('more than may wait are refused, those under way are not', async () => {
  const { openings, asked } = harness(2);
  const first = openings.get('s', 1, 0);
  void openings.get('s', 1, 1);
  await expect(openings.get('s', 1, 2)).rejects.toMatchObject({
    code: 'LOOKUPS_BUSY',
    details: { retryAfter: 10 },
  });
  void openings.get('s', 1, 1);
  asked[0]!.end(Uint8Array.of(1));
  await first;
  void openings.get('s', 1, 2);
  expect(asked.map(({ key }) => key)).toEqual(['s/1/0', 's/1/1', 's/1/2']);
});
