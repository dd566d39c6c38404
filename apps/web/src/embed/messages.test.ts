import { readLook, readSize } from './messages';

test('a size is bounded, and whatever else comes is none', () => {
  expect(readSize({ solvent: 'size', height: 812.2 })).toBe(813);
  expect(readSize({ solvent: 'size', height: 1e9 })).toBe(40_000);
  expect(readSize({ solvent: 'size', height: -1 })).toBe(200);
  for (const other of [null, 'size', 5, {}, { solvent: 'size' }, { solvent: 'size', height: '9' }])
    expect(readSize(other)).toBeUndefined();
  expect(readSize({ solvent: 'size', height: NaN })).toBeUndefined();
});

test('of a look only what is well formed is taken', () => {
  expect(
    readLook({
      solvent: 'look',
      theme: 'dark',
      language: 'es',
      accent: { light: '#0b5d4e', dark: '#6fd8bd' },
    }),
  ).toEqual({ theme: 'dark', language: 'es', accent: { light: '#0b5d4e', dark: '#6fd8bd' } });
  expect(
    readLook({ solvent: 'look', theme: 'pink', language: 'x'.repeat(99), accent: { light: 'url(x)' } }),
  ).toEqual({});
  for (const other of [undefined, [], { theme: 'dark' }, 'look']) expect(readLook(other)).toBeUndefined();
});
