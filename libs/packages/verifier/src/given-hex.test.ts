import { hexBytes } from '@solvent-por/kzg';
import { parseAccountId, readAccountId, readGivenHex, readOperatorKey } from './given-hex';

const HEX = `0x${'0a'.repeat(31)}bc`;
const BYTES = hexBytes(HEX, 32);

describe('an id as people hand it over', () => {
  test.each<[string, string, string[]]>([
    ['as it is published', HEX, []],
    ['blanks and a line break at the end', `  ${HEX}\r\n`, ['blanks around it']],
    ['a blank that does not break', `\u00a0${HEX}`, ['blanks around it']],
    ['a mark without width, from a page', `\ufeff${HEX}\u200b`, ['blanks around it']],
    ['quotes', `"${HEX}"`, ['quotes around it']],
    ['quotes as a word processor sets them', `“${HEX}”`, ['quotes around it']],
    ['a cell of a CSV', `'${HEX}',`, ['quotes around it']],
    ['quotes and blanks inside of them', `" ${HEX} "`, ['quotes around it', 'blanks around it']],
    ['a line that a mail broke', `${HEX.slice(0, 40)}\r\n  ${HEX.slice(40)}`, ['line breaks in it']],
    ['0X', `0X${HEX.slice(2)}`, ['0X in place of 0x']],
    ['no 0x', HEX.slice(2), ['no 0x before it']],
    ['capital letters', `0x${HEX.slice(2).toUpperCase()}`, ['capital letters']],
  ])('%s', (_what, text, tidied) => {
    expect(readAccountId(text)).toEqual({ bytes: BYTES, tidied });
    expect(parseAccountId(text)).toEqual(BYTES);
  });

  test.each<[string, unknown]>([
    ['one digit less', HEX.slice(0, -1)],
    ['one digit more', `${HEX}0`],
    ['a letter that is no digit', `${HEX.slice(0, -1)}g`],
    ['a letter that looks like one', `${HEX.slice(0, -1)}а`],
    ['0x twice', `0x${HEX}`],
    ['two ids', `${HEX}\n${HEX}`],
    ['a blank in it', `${HEX.slice(0, 40)} ${HEX.slice(40)}`],
    ['one quote', `"${HEX}`],
    ['empty', ''],
    ['endless', ' '.repeat(1 << 20) + HEX],
    ['undefined', undefined],
    ['a number', 12],
    ['bytes', BYTES],
  ])('refused: %s', (_what, text) => {
    expect(() => readAccountId(text)).toThrow(
      expect.objectContaining({ code: 'ID_MALFORMED', kind: 'malformed' }),
    );
    expect(readGivenHex(text, 32)).toBeUndefined();
  });

  test('what is wrong is said without the digits', () => {
    expect(() => parseAccountId(HEX.slice(0, -1))).toThrow(/this has 63/);
    expect(() => parseAccountId(`${HEX}g`)).not.toThrow(/0a0a/);
  });
});

test('an operator key as people hand it over', () => {
  const key = '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  expect(readOperatorKey(` "${key.toUpperCase()}" `)).toEqual({
    bytes: hexBytes(key, 32),
    tidied: ['blanks around it', 'quotes around it', '0X in place of 0x', 'capital letters'],
  });
  for (const text of [key.slice(0, -2), `0x${'11'.repeat(32)}`, undefined])
    expect(() => readOperatorKey(text)).toThrow(expect.objectContaining({ code: 'OPERATOR_KEY_MALFORMED' }));
});
