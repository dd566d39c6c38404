import { canonicalJson } from '@solvent-por/verifier';
import { toHex } from '@solvent-por/kzg';
import { signEd } from '../../testing/keys';
import { CONFIRMED, draft, make, OPERATOR } from '../../testing/made-publication';
import { reportOf } from '../../testing/verdict-of';
import { reservesDigest } from '../documents/parse-reserves';
import { buildReserves, type ReservesDraft } from './build-reserves';

test('lines in any order become the publication that is right', async () => {
  const { document, lines } = draft();
  const given = { ...document, holdings: document.holdings } as unknown as ReservesDraft;
  const built = buildReserves(given, [...lines].reverse());
  const made = make();
  expect(built.lines.map((line) => `${line}\n`).join('')).toBe(made.addresses);
  const reserves = canonicalJson({
    ...built.unsigned,
    signature: signEd(reservesDigest(built.unsigned), OPERATOR),
  });
  expect(reserves).toBe(made.reserves);
  const report = await reportOf(
    { reserves, addresses: made.addresses, operator: toHex(OPERATOR.key) },
    { blocks: CONFIRMED },
  );
  expect(report.lines).toBe(3);
});

test('a coin that is not built in needs its decimals', () => {
  const { document, lines } = draft();
  const { balance: _, ...rest } = lines[1]!;
  const pol = { ...rest, network: 'eip155:137', asset: 'POL' };
  const given = {
    ...document,
    assets: [{ symbol: 'POL', scale: 6 }],
    holdings: [],
  } as unknown as ReservesDraft;
  expect(() => buildReserves(given, [pol])).toThrow(
    expect.objectContaining({ code: 'DECIMALS_MISSING' }) as Error,
  );
});

test('a line that is malformed is refused before anything is signed', () => {
  const { document, lines } = draft();
  expect(() => buildReserves(document as unknown as ReservesDraft, [{ ...lines[0], amount: 1 }])).toThrow(
    /amount/,
  );
});
