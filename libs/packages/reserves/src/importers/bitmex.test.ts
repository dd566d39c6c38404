import { vectorText } from '../../testing/vectors';
import { importBitmex } from './bitmex';
import { parsePlainYaml } from './bitmex-yaml';

const TEXT = vectorText('bitmex-reserves.yaml');
const said = (text: string) => {
  const { rows, problem } = importBitmex(text);
  return [...rows.map(({ verdict }) => verdict), ...(problem === undefined ? [] : [problem])];
};

test('the file: P2SH, P2SH-P2WSH and P2WSH of 3 of 4, and what is held by others', () => {
  expect(said(TEXT)).toEqual(['right', 'right', 'right', 'right']);
  const { rows } = importBitmex(TEXT);
  expect(rows.map(({ line }) => [line!.class, line!.amount])).toEqual([
    ['own', '10000'],
    ['own', '4000'],
    ['own', '700'],
    ['custodian', '5000'],
  ]);
  expect(rows.every(({ line }) => line!.ownership === undefined)).toBe(true);
});

test('members of a row may stand on lines of their own', () => {
  const block = TEXT.replace(/^- \{(.*)\}$/gm, (_, inner: string) => {
    const [first, ...rest] = inner.split(', ');
    return [`- ${first}`, ...rest.map((member) => `  ${member}`)].join('\n');
  });
  expect(block).toContain('\n  balance: 10000');
  expect(said(block)).toEqual(said(TEXT));
});

test('what is wrong, each beside its honest twin', () => {
  const [, first] = /^- (\{addr_type: sh, .*\})$/m.exec(TEXT)!;
  expect(said(TEXT.replace('total: 19700', 'total: 19701'))).toContainEqual(
    expect.stringContaining('add up to 19700'),
  );
  expect(said(TEXT.replace('balance: 700,', 'balance: 701,')).at(-1)).toContain('19701');
  expect(said(TEXT.replace('m: 3, n: 4', 'm: 2, n: 4'))[0]).toBe('wrong');
  expect(said(TEXT.replace('m: 3, n: 4', 'm: 3, n: 3'))[0]).toBe('wrong');
  expect(said(TEXT.replace('addr_type: sh_wsh', 'addr_type: sh'))[1]).toBe('wrong');
  expect(said(TEXT.replace('custodial:', `- ${first}\ncustodial:`))[3]).toBe('wrong');
  expect(said(TEXT.replace(/^- 04d5a4.*\n/m, ''))[0]).toBe('wrong');
  expect(
    said(TEXT.replace('33ujjFrEmoQcfYHXErnVD33Z243DoFNhHS', '3E3Ns3erzQ5FoJHJubhFNY2kL8czrqyujB'))[0],
  ).toBe('wrong');
  expect(said(TEXT.replace('balance: 10000', 'balance: 1e4'))[0]).toBe('malformed');
});

test.each([
  ['another chain', TEXT.replace('chain: main', 'chain: test')],
  ['no total', TEXT.replace(/^total.*\n/m, '')],
  ['a member twice', `${TEXT}total: 19700\n`],
  ['an anchor', TEXT.replace('chain: main', 'chain: &x main')],
  ['no YAML of ours', 'a line'],
])('%s: malformed', (_, text) => {
  expect(() => importBitmex(text)).toThrow(expect.objectContaining({ kind: 'malformed' }) as Error);
});

test('what is read of YAML', () => {
  expect(
    parsePlainYaml('a: 1 # one\nb: {c: x, d: "y"}\ne:\n- 01\n- f: 2\n  g: [3, 4]\nh:\n  i: j\n'),
  ).toEqual({
    ...{ a: '1', b: { c: 'x', d: 'y' }, e: ['01', { f: '2', g: ['3', '4'] }], h: { i: 'j' } },
  });
});
