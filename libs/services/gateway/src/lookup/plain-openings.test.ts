import { PlainOpenings } from './plain-openings';

test('the same one is opened once for all who ask meanwhile', async () => {
  const asked: { readonly key: string; end(opening: Uint8Array): void }[] = [];
  const openings = new PlainOpenings(
    (who, id, batch, row) => new Promise((end) => asked.push({ key: `${who} ${id}/${batch}/${row}`, end })),
  );
  const answers = ['a', 'b', 'a'].map((who) => openings.get(who, 's', 1, 7));
  expect(asked.map(({ key }) => key)).toEqual(['a s/1/7']);
  asked[0]!.end(Uint8Array.of(9));
  expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => Uint8Array.of(9)));
});
