import { folded, inLines, screenOf } from './screen';

const names = Array.from({ length: 512 }, (_, i) => `NAME${i}`);

it('a list that fits stands behind its lead', () => {
  expect(
    inLines('not read: 2 columns', ['rn', 'x'], 'column', '  ', screenOf({ isTTY: true, columns: 80 })),
  ).toEqual(['not read: 2 columns: rn, x']);
});

it('512 names stand in lines that fit, all of them in a file', () => {
  const lines = inLines('from 512 names', names, 'name', '  ', screenOf({}));
  expect(lines.slice(1).join(' ').replaceAll(',', '').trim().split(/ +/)).toEqual(names);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
});

it.each([80, 120])(
  'on a terminal of %d columns the first are shown, and how to see the others',
  (columns) => {
    const lines = inLines('from 512 names', names, 'name', '  ', screenOf({ isTTY: true, columns }));
    expect(lines.length).toBeLessThan(6);
    expect(lines.at(-1)).toBe('  … and 492 more names: `| less` or `> FILE` shows all, --json too');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  },
);

it('what takes several lines is folded whole', () => {
  const items = Array.from({ length: 30 }, (_, i) => [`a${i}`, 'b', 'c']);
  const { items: shown, rest } = folded(items, 'asset', screenOf({ isTTY: true }), ({ length }) => length);
  expect(shown).toHaveLength(7);
  expect(rest).toContain('23 more assets');
});
