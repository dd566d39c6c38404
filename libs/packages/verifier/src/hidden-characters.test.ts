import { hasHiddenCharacters, isUnstorable } from './hidden-characters';

test.each(['\0', '\n', '\u007f', '\u0085', '\u2028', '\u202e', '\u2066', '\u200f', '\u061c', '\ud83d'])(
  'hidden: %j',
  (hidden) => expect(hasHiddenCharacters(`a${hidden}b`)).toBe(true),
);

test.each(['', 'october/accounts', 'Kontost\u00e4nde 2026', '\u5408\u8ba1', '\ud83d\ude00', '\u0627\u0644'])(
  'seen: %j',
  (text) => expect([hasHiddenCharacters(text), isUnstorable(text)]).toEqual([false, false]),
);

test('a line break can be stored', () => {
  expect(['a\nb', 'a\0b', 'a\ud83d'].map(isUnstorable)).toEqual([false, true, true]);
});
