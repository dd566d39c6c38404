import { accountKey } from '@solvent-por/verifier';
import { keyOf, readAccountInput } from './account-input';
import { contrast } from './contrast';
import { manifestNamedBy, readDropped, type DroppedFile } from './dropped';
import { evidence, readEvidence } from './evidence';
import { fragmentOf, readFragment, type Route } from './fragment';
import { recall, remember, type Store } from './memory';
import { PageConfigError, readPageConfig } from './page-config';
import { circles, pictureShape } from './picture-shape';
import { problemOf } from './problem';
import { snapshotFacts } from './snapshot-facts';
import { totalsCsv } from './totals-files';

const KEY = 'ab'.repeat(32);
const HEX = `0x${KEY}`;

describe('what is typed', () => {
  test.each([KEY, HEX, `  ${HEX}\n`, KEY.toUpperCase(), `"${HEX}"`, `0X${KEY.toUpperCase()} `])(
    'an account key is forgiven its form: %j',
    (text) => expect(readAccountInput(text, true)).toMatchObject({ kind: 'key' }),
  );

  test.each<[string, boolean, object]>([
    ['', true, { problem: 'empty' }],
    ['  \n', true, { problem: 'empty' }],
    [KEY.slice(1), true, { problem: 'digits', digits: 63 }],
    [`${HEX}ff`, true, { problem: 'digits', digits: 66 }],
    ['abc', false, { problem: 'digits', digits: 3 }],
    ['alice', false, { problem: 'letters' }],
    ['x'.repeat(1025), true, { problem: 'long' }],
  ])('%j is no key', (text, identifiers, wanted) =>
    expect(readAccountInput(text, identifiers)).toEqual({ kind: 'malformed', ...wanted }),
  );

  test('anything else is an identifier, hashed with the operator’s key as the verifier does', () => {
    const operator = new Uint8Array(32).fill(7);
    const read = readAccountInput(' alice@example.org ', true);
    expect(read).toEqual({ kind: 'identifier', text: 'alice@example.org', tidied: true });
    expect(keyOf(read as never, operator)).toEqual(accountKey(operator, 'alice@example.org'));
  });
});

describe('the fragment', () => {
  test('a link brings a key or an identifier, which no route ever holds', () => {
    expect(readFragment(`#key=${HEX}&snapshot=nov-2026`)).toEqual({
      route: { screen: 'start', snapshot: 'nov-2026' },
      secret: HEX,
    });
    expect(readFragment('#id=a%26b')).toEqual({ route: { screen: 'start' }, secret: 'a&b' });
    // Where `key=` was left out it would stay in the address.
    expect(readFragment(`#${HEX}`)).toEqual({ route: { screen: 'start' }, secret: HEX });
  });

  test.each(['nov-2026?key=abc', '..', '../x', 'a/b', `nov&key=${'ab'.repeat(99)}`, 'a b'])(
    'a link that was made wrong asks nobody for the snapshot %j',
    (name) => {
      for (const screen of ['start', 'check', 'audit', 'follow'])
        expect(readFragment(`#/${screen}/${encodeURIComponent(name)}`).route).not.toHaveProperty('snapshot');
      expect(readFragment(`#snapshot=${encodeURIComponent(name)}`).route).toEqual({ screen: 'start' });
    },
  );

  test.each<Route>([
    { screen: 'start' },
    { screen: 'start', snapshot: 'nov-2026' },
    { screen: 'result', snapshot: 'a.b_c' },
    { screen: 'snapshot', snapshot: 'nov-2026' },
    { screen: 'mine' },
    { screen: 'audit' },
    { screen: 'about' },
    { screen: 'claim', snapshot: 'nov-2026' },
  ])('%j is written and read', (route) => expect(readFragment(fragmentOf(route))).toEqual({ route }));

  test.each(['#', '#/nowhere', '#/%E0%A4%A', '', `#/${'x'.repeat(9000)}`])('%j is the start', (hash) =>
    expect(readFragment(hash)).toEqual({ route: { screen: 'start' } }),
  );
});

const manifest = (more: object = {}) =>
  JSON.stringify({
    header: { snapshot: 'nov', takenAt: '2026-11-30T00:00:00Z', operator: HEX, assets: [{ symbol: 'BTC' }] },
    batchCount: 3,
    ...more,
  });

test('facts of a manifest are bounded, or there are none', () => {
  expect(snapshotFacts(manifest())).toMatchObject({ snapshot: 'nov', batchCount: 3, assets: ['BTC'] });
  for (const wrong of [
    '',
    '[]',
    'null',
    '{"header":{}}',
    manifest({ batchCount: 1e9 }),
    manifest({ header: 1 }),
  ])
    expect(snapshotFacts(wrong)).toBeUndefined();
});

describe('what is remembered', () => {
  const storeOf = (): Store => {
    const kept = new Map<string, string>();
    return {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    };
  };
  const taken = (takenAt: string, operator = HEX) =>
    manifest({ header: { snapshot: 'nov', takenAt, operator, assets: [] } });

  test('the newest manifest, and never one of another key over the first', () => {
    const store = storeOf();
    expect(recall(store, 'a')).toBeUndefined();
    expect(remember(store, 'a', taken('2026-10-31T00:00:00Z'))).toBe(true);
    expect(remember(store, 'a', taken('2026-11-30T00:00:00Z'))).toBe(true);
    expect(remember(store, 'a', taken('2026-10-31T00:00:00Z'))).toBe(false);
    expect(remember(store, 'a', taken('2026-12-31T00:00:00Z', `0x${'cd'.repeat(32)}`))).toBe(false);
    expect(recall(store, 'a')).toEqual({ operator: HEX, manifest: taken('2026-11-30T00:00:00Z') });
    expect(recall(store, 'b')).toBeUndefined();
  });

  test('a browser that keeps nothing is a first visit', () => {
    const none: Store = {
      getItem: () => {
        throw new Error('denied');
      },
      setItem: () => {
        throw new Error('denied');
      },
      removeItem: () => undefined,
    };
    expect(recall(none, 'a')).toBeUndefined();
    expect(remember(none, 'a', manifest())).toBe(false);
    expect(remember(undefined, 'a', manifest())).toBe(false);
  });
});

describe('the configuration', () => {
  const page = 'https://exchange.example/proof/index.html';
  test('without a file the gateway is where the page is', () =>
    expect(readPageConfig(undefined, page)).toEqual({
      source: { kind: 'gateway', address: 'https://exchange.example/proof/', sealed: false },
      identifiers: true,
    }));

  test('a gateway elsewhere, or a folder of files', () => {
    const read = (given: object) => readPageConfig(JSON.stringify(given), page).source;
    expect(read({ api: 'https://api.example/graphql' })).toMatchObject({ address: 'https://api.example/' });
    expect(read({ files: 'published' })).toEqual({
      kind: 'files',
      address: 'https://exchange.example/proof/published/',
    });
  });

  test.each<[string, object | string]>([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['api', { api: 'x', files: 'y' }],
    ['nmae', { nmae: 'Exchange' }],
    ['name', { name: 7 }],
    ['logo', { logo: 'https://elsewhere.example/logo.svg' }],
    ['logo', { logo: '\\\\elsewhere.example/logo.svg' }],
    ['logo', { logo: '/\\elsewhere.example/logo.svg' }],
    ['logo', { logo: 'ht\ttps://elsewhere.example/logo.svg' }],
    ['logo', { logo: ' //elsewhere.example/logo.svg' }],
    ['logo', { logo: 'data:image/svg+xml,x.svg' }],
    ['accent', { accent: 'blue' }],
    ['operator', { operator: 'ab' }],
    ['identifiers', { identifiers: 'yes' }],
    ['specification', { specification: 'javascript:alert(1)' }],
    ['api', { api: 'javascript:alert(1)' }],
  ])('%s is refused by its name', (_member, given) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    expect(() => readPageConfig(text, page)).toThrow(PageConfigError);
  });
});

test('files are told apart by what is in them, and what is none is named', async () => {
  const file = (name: string, text: string): DroppedFile =>
    Object.assign(new Blob([text]), { name }) as DroppedFile;
  const proof = '{"accountPath":[],"row":1,"salt":"0x"}';
  const signed = '{"batchCount":1,"signature":"0x"}';
  const found = await readDropped([
    file('a', proof),
    file('b', signed),
    file('c', `${signed}\n{"first":0}\n`),
    file('d', 'hello'),
    file('huge', proof + ' '.repeat(10_000_000)),
  ]);
  expect(new TextDecoder().decode(found.proof)).toBe(proof);
  expect(new TextDecoder().decode(found.manifest)).toBe(signed);
  expect(found.global?.size).toBe(signed.length + 13);
  expect(found.unknown).toEqual(['d', 'huge']);
  expect(manifestNamedBy(new TextEncoder().encode(`{"manifest":"${HEX}"}`))).toBe(HEX);
  expect(manifestNamedBy(new TextEncoder().encode('{'))).toBeUndefined();
});

test('the file to hand over holds both documents byte for byte, and is read again', () => {
  const documents = {
    manifest: new TextEncoder().encode('{"a":"é"}'),
    proof: new TextEncoder().encode('{}'),
  };
  const text = evidence(documents, { had: '<b>5</b>', steps: [], exchange: 'Exchange', at: new Date(0) });
  expect(readEvidence(text)).toEqual(documents);
  expect(readEvidence('{}')).toBeUndefined();
  expect(readEvidence('x')).toBeUndefined();
});

test('a spreadsheet runs nothing of the totals', () => {
  const totals = [{ symbol: '=SUM(A1)', side: 'equity', amount: '5.00' }] as const;
  const report = { snapshot: 'a"b', takenAt: 't', totals } as never;
  expect(totalsCsv(report).split('\r\n')[1]).toBe(`"a""b",t,'=SUM(A1),equity,5.00`);
});

test('what went wrong has a screen: whatever came from outside and is not known is rubbish', () => {
  expect(problemOf({ code: 'NETWORK_FAILED', message: 'x' }).kind).toBe('offline');
  expect(problemOf({ code: 'RESPONSE_MALFORMED', message: 'x' }).kind).toBe('rubbish');
  expect(problemOf(new TypeError('x'))).toEqual({ kind: 'internal', code: 'INTERNAL', message: 'x' });
  expect(problemOf({ failure: { code: 'RATE_LIMITED', message: 'y'.repeat(999) } }).message).toHaveLength(
    300,
  );
});

test('a picture has a node for each level, and at most 40 elements', () => {
  for (const levels of [0, 1, 9, 16]) {
    const sides = Array.from({ length: levels }, (_, i) =>
      i % 2 === 0 ? ('left' as const) : ('right' as const),
    );
    const shape = pictureShape({ row: 4079, batch: 0, batchCount: 2 ** levels, sides });
    expect(shape.nodes).toHaveLength(Math.max(2, levels + 1));
    expect(shape.siblings).toHaveLength(levels);
    for (const { x, y } of [shape.row, ...shape.nodes, ...shape.siblings]) {
      expect(x > 0 && x < shape.width).toBe(true);
      expect(y > 0 && y < shape.height).toBe(true);
    }
  }
  expect(circles([{ x: 1, y: 2 }], 3)).toBe('M-2 2a3 3 0 1 0 6 0a3 3 0 1 0 -6 0');
});

test('contrast is that of WCAG', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
  expect(contrast('#ffffff', '#ffffff')).toBe(1);
  expect(contrast('#566070', '#f5f6f8')).toBeGreaterThan(4.5);
});
