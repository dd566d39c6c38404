import {
  encodePoints,
  fromBytes,
  hexBytes,
  G1_BASE,
  nobleVerifier,
  R,
  toBytes,
  toHex,
  utf8,
} from '@solvent-por/kzg';
import { nativeVerifier } from '@solvent-por/kzg/native';
import {
  canonicalJson,
  layoutOf,
  maxProofLineBytes,
  parseProof,
  proofLine,
  proofToJson,
  verifyProofLine,
} from '@solvent-por/verifier';
import { BAD_POINTS, contextOf, Forger, summed, testHeader, unreducedPoint } from '@solvent-por/dev/proofs';
import * as fc from 'fast-check';

/** Every member of a line, one by one: altered, not canonical, missing, one too many. */

const header = testHeader('margin', 1, 2);
const context = contextOf(header);
const layout = layoutOf(header);

type Json = string | number | Json[] | { [name: string]: Json };
type Path = readonly (string | number)[];
interface Place {
  readonly path: Path;
  /** As error messages name it. */
  readonly name: string;
  readonly text: string;
}

let json: Json;
let places: { hashes: Place[]; points: Place[]; scalars: Place[] };
let line: Uint8Array;
beforeAll(async () => {
  const { proof } = (await Forger.open()).forge(header, {});
  const whole = summed(proof, context);
  line = proofLine(whole);
  json = JSON.parse(JSON.stringify(proofToJson(whole))) as Json;
  const all = leaves(json, []);
  places = {
    hashes: all.filter(({ path }) => path[0] === 'accounts'),
    points: all.filter(({ text }) => text.length === 98),
    scalars: all.filter(({ path, text }) => text.length === 66 && path[0] !== 'accounts'),
  };
});

function leaves(value: Json, path: Path): Place[] {
  if (typeof value === 'number') return [];
  if (typeof value === 'string')
    return [
      {
        path,
        name: path
          .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
          .join('')
          .slice(1),
        text: value,
      },
    ];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((x, i) => [i, x])
    : Object.entries(value);
  return entries.flatMap(([step, inner]) => leaves(inner, [...path, step]));
}

/** The document with another value at one place; undefined leaves the member out. */
function withValue(value: Json, [step, ...rest]: Path, replacement: Json | undefined): Json {
  if (step === undefined) return replacement!;
  if (Array.isArray(value)) return value.map((x, i) => (i === step ? withValue(x, rest, replacement) : x));
  const copy = { ...(value as { [name: string]: Json }) };
  if (rest.length === 0 && replacement === undefined) delete copy[step];
  else copy[step] = rest.length === 0 ? replacement! : withValue(copy[step]!, rest, replacement);
  return copy;
}

const lineOf = (document: Json) => utf8(canonicalJson(document));
const verify = (bytes: Uint8Array, kzg = nativeVerifier()) => verifyProofLine(bytes, { ...context, kzg });

/** What is wrong with a line: the code of the error thrown, with its details, or of the verdict. */
function problemOf(bytes: Uint8Array, kzg = nativeVerifier()): object | undefined {
  try {
    const verdict = verify(bytes, kzg);
    return verdict.valid ? undefined : { code: verdict.code };
  } catch (error) {
    const { code, kind, details } = error as { code: string; kind: string; details: object };
    return { code, kind, details };
  }
}

test('the honest line holds, and has every member that the layout asks for', () => {
  expect(verify(line)).toMatchObject({ valid: true });
  // K limbs, m, helpers, h_T; four chunks, three openings and a sum, or W(ωζ); a root.
  const columns = layout.limbs + 1 + Math.ceil(layout.limbs / 3) + 1;
  expect(places.hashes).toHaveLength(1);
  expect(places.points).toHaveLength(columns + 4 + 3 + 1);
  expect(places.scalars).toHaveLength(columns + 1);
});

describe('well-formed but altered: refused in every place', () => {
  test('another point', () => {
    for (const { path, name, text } of places.points) {
      const [point] = context.kzg.decodePoints([hexBytes(text, 48)]);
      const other = toHex(encodePoints([point!.add(G1_BASE)])[0]!);
      expect([name, problemOf(lineOf(withValue(json, path, other)))]).toEqual([
        name,
        { code: 'PROOF_INVALID' },
      ]);
    }
  });

  test('another root of an account tree', () => {
    for (const { path, name, text } of places.hashes) {
      const other = toHex(hexBytes(text, 32).map((byte, i) => (i === 31 ? byte ^ 1 : byte)));
      expect([name, problemOf(lineOf(withValue(json, path, other)))]).toEqual([
        name,
        { code: 'PROOF_INVALID' },
      ]);
    }
  });

  test('infinity', () => {
    const infinity = `0xc0${'00'.repeat(47)}`;
    for (const { path, name, text } of places.points) {
      // Upper limbs of small amounts may be zero in account rows, but reserved rows are random: no honest
      // point here is infinity.
      expect(text).not.toBe(infinity);
      expect([name, problemOf(lineOf(withValue(json, path, infinity)))]).toEqual([
        name,
        { code: 'PROOF_INVALID' },
      ]);
    }
  });

  test('another value', () => {
    for (const { path, name, text } of places.scalars) {
      const other = toHex(toBytes((fromBytes(hexBytes(text, 32)) + 1n) % R));
      expect([name, problemOf(lineOf(withValue(json, path, other)))]).toEqual([
        name,
        { code: 'PROOF_INVALID' },
      ]);
    }
  });

  test('two neighbours of a list swapped', () => {
    for (const kind of ['points', 'scalars'] as const)
      places[kind].forEach((place, i) => {
        const next = places[kind][i + 1];
        if (!next || next.path.length !== place.path.length || next.path[1] !== place.path[1]) return;
        const swapped = withValue(withValue(json, place.path, next.text), next.path, place.text);
        expect([place.name, problemOf(lineOf(swapped))]).toEqual([place.name, { code: 'PROOF_INVALID' }]);
      });
  });
});

describe('malformed: refused in every place', () => {
  const encodings = (): [string, Uint8Array][] => [
    ...Object.entries(BAD_POINTS),
    ['x + p for x', unreducedPoint()],
    ['infinity with a sign', Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xe0 : 0))],
    [
      'a point without the compression flag',
      Uint8Array.from(encodePoints([G1_BASE])[0]!, (b, i) => (i === 0 ? b & 0x7f : b)),
    ],
    ['48 zero bytes', new Uint8Array(48)],
  ];

  test('points not in the subgroup, not on the curve, not canonical: by both decoders', () => {
    // Points are decoded in the order of section 7, openings last, then the sums apart.
    const order = ['limbs', 'multiplicity', 'helpers', 'table', 'quotient', 'zeta', 'omegaZeta', 'zero'];
    const sums = places.points.filter(({ path }) => path[0] === 'sums');
    const decoded = places.points
      .filter(({ path }) => path[0] !== 'sums')
      .sort((a, b) => order.indexOf(String(a.path[1])) - order.indexOf(String(b.path[1])));
    const bad = encodings();
    const indexed = [decoded, sums].flatMap((list) => list.map((place, index) => ({ ...place, index })));
    indexed.forEach(({ path, name, index }) => {
      for (const [what, bytes] of bad)
        expect([name, what, problemOf(lineOf(withValue(json, path, toHex(bytes))))]).toEqual([
          name,
          what,
          { code: 'POINT_MALFORMED', kind: 'malformed', details: { index } },
        ]);
    });
    // The pure JavaScript decoder takes 50 times as long: every encoding in one place, and every place by the
    // native one above.
    const last = decoded.at(-1)!;
    for (const [what, bytes] of bad)
      expect([what, problemOf(lineOf(withValue(json, last.path, toHex(bytes))), nobleVerifier())]).toEqual([
        what,
        { code: 'POINT_MALFORMED', kind: 'malformed', details: { index: decoded.length - 1 } },
      ]);
  });

  test('scalars of r or more', () => {
    for (const { path, name, text } of places.scalars)
      for (const value of [R, fromBytes(hexBytes(text, 32)) + R, (1n << 256n) - 1n])
        expect(problemOf(lineOf(withValue(json, path, toHex(toBytes(value)))))).toEqual({
          code: 'PROOF_MALFORMED',
          kind: 'malformed',
          details: { member: name },
        });
  });

  test('hex of another length or case, other types', () => {
    for (const { path, name, text } of [...places.hashes, ...places.points, ...places.scalars])
      for (const value of [
        text.slice(0, -2),
        `${text}00`,
        text.toUpperCase().replace('0X', '0x'),
        text.slice(2),
        '',
        0,
        [],
        {},
      ])
        // Hex without a letter is the same in upper case.
        if (value !== text)
          expect([name, problemOf(lineOf(withValue(json, path, value)))]).toEqual([
            name,
            { code: 'PROOF_MALFORMED', kind: 'malformed', details: { member: name } },
          ]);
  });

  test('members missing or unknown, at every level', () => {
    const objects: Path[] = [[], ['commitments'], ['evaluations'], ['openings']];
    for (const path of objects) {
      const object = path.reduce<Json>((value, step) => (value as { [name: string]: Json })[step]!, json) as {
        [name: string]: Json;
      };
      for (const name of Object.keys(object))
        expect(problemOf(lineOf(withValue(json, [...path, name], undefined)))).toMatchObject({
          code: 'PROOF_MALFORMED',
        });
      for (const extra of ['k', 'lookups', 'tags', '__proto__'])
        expect(
          problemOf(
            utf8(
              canonicalJson(
                JSON.parse(
                  JSON.stringify(json).replace(
                    JSON.stringify(object).slice(0, 40),
                    `{"${extra}":0,${JSON.stringify(object).slice(1, 40)}`,
                  ),
                ),
              ),
            ),
          ),
        ).toMatchObject({ code: 'PROOF_MALFORMED' });
    }
  });

  test('lists of other lengths', () => {
    const lists = new Map(
      places.hashes.concat(places.points, places.scalars).flatMap(({ path }) => {
        const list = path.slice(0, -1);
        return typeof path.at(-1) === 'number' ? [[list.join('.'), list] as const] : [];
      }),
    );
    expect([...lists.keys()].sort()).toEqual([
      'accounts',
      'commitments.helpers',
      'commitments.limbs',
      'commitments.quotient',
      'evaluations.helpers',
      'evaluations.limbs',
      'sums',
    ]);
    for (const [, list] of lists) {
      const value = list.reduce<Json>(
        (inner, step) => (inner as { [name: string]: Json })[step]!,
        json,
      ) as Json[];
      for (const other of [value.slice(1), [...value, value[0]!], []])
        expect(problemOf(lineOf(withValue(json, list, other)))).toMatchObject({
          code: 'PROOF_MALFORMED',
          kind: 'malformed',
        });
    }
  });

  test('first out of range or not an integer', () => {
    for (const first of [-1, 65_536, 0.5, '0', [0]])
      expect(problemOf(lineOf(withValue(json, ['first'], first)))).toMatchObject({
        code: 'PROOF_MALFORMED',
        details: { member: 'first' },
      });
  });

  test('more batches than the layout allows', () => {
    const times = (count: number): Json => {
      const repeat = (object: string, name: string, length: number) =>
        Array.from(
          { length },
          () => ((json as { [n: string]: { [n: string]: Json[] } })[object]![name] as Json[])[0]!,
        );
      let document = json;
      for (const name of ['accounts', 'sums']) {
        const [first] = (json as { [n: string]: Json[] })[name]!;
        document = withValue(document, [name], new Array<Json>(count).fill(first!));
      }
      for (const object of ['commitments', 'evaluations'])
        for (const [name, length] of [
          ['limbs', count * layout.limbs],
          ['helpers', Math.ceil((count * layout.limbs) / 3)],
        ] as const)
          document = withValue(document, [object, name], repeat(object, name, length));
      return document;
    };
    expect(problemOf(lineOf(times(layout.maxBatches)))).toEqual({ code: 'PROOF_INVALID' });
    const tooMany = lineOf(times(layout.maxBatches + 1));
    expect(tooMany.length).toBeGreaterThan(maxProofLineBytes(layout));
    expect(problemOf(tooMany)).toMatchObject({ code: 'DOCUMENT_TOO_LARGE', kind: 'malformed' });
    // Nor by its length alone.
    expect(() => parseProof(times(layout.maxBatches + 1), layout)).toThrow(
      expect.objectContaining({ code: 'PROOF_MALFORMED', details: { member: 'accounts' } }),
    );
  });

  test('bytes that are not the canonical form', () => {
    const text = new TextDecoder().decode(line);
    const reordered = JSON.stringify({
      openings: (json as { [n: string]: Json }).openings!,
      ...(json as object),
    });
    for (const [bytes, code] of [
      [`${text}\n`, 'DOCUMENT_NOT_CANONICAL'],
      [` ${text}`, 'DOCUMENT_NOT_CANONICAL'],
      [text.replace(':', ': '), 'DOCUMENT_NOT_CANONICAL'],
      [reordered, 'DOCUMENT_NOT_CANONICAL'],
      [text.replace('"first":0', '"first":0,"first":0'), 'DOCUMENT_NOT_CANONICAL'],
      [text.replace('"first":0', '"first":-0'), 'DOCUMENT_NOT_CANONICAL'],
      [text.replace('"first":0', '"first":0.0'), 'DOCUMENT_NOT_CANONICAL'],
      [text.replace('"first"', '"\\u0066irst"'), 'DOCUMENT_NOT_CANONICAL'],
      [text.slice(0, -1), 'DOCUMENT_MALFORMED'],
      ['', 'DOCUMENT_MALFORMED'],
      [`\ufeff${text}`, 'DOCUMENT_MALFORMED'],
    ] as const) {
      expect(bytes).not.toBe(text);
      expect(problemOf(utf8(bytes))).toMatchObject({ code, kind: 'malformed' });
    }
    expect(problemOf(utf8('null'))).toMatchObject({ code: 'PROOF_MALFORMED' });
  });
});

test('any flipped bit of a line is refused', () => {
  let decided = 0;
  fc.assert(
    fc.property(fc.nat(line.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Uint8Array.from(line);
      flipped[at]! ^= 1 << bit;
      const problem = problemOf(flipped) as { code: string; kind?: string } | undefined;
      if (problem?.code === 'PROOF_INVALID') decided++;
      else expect(problem).toMatchObject({ kind: 'malformed' });
    }),
    { numRuns: 150 },
  );
  expect(decided).toBeGreaterThan(0);
});
