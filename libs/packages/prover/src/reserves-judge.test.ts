import { verifyReserves, type StreamOptions } from '@solvent-por/reserves';
import { eip191, secpKey } from '../../reserves/testing/keys';
import { CONFIRMED, draft, make, type Changes } from '../../reserves/testing/made-publication';
import { piecesOf } from '../../reserves/testing/verdict-of';
import { signedText, type Stated } from '../../reserves/src/documents/texts';
import { WorkerReservesJudge } from './reserves-judge';

/** Threads come from `npm run build`. */
const text = signedText(draft().document as unknown as Stated);
const NUMBER = 300;
const keys = Array.from({ length: NUMBER }, (_, i) => secpKey(`many ${i}`)).sort((a, b) =>
  a.evm < b.evm ? -1 : 1,
);
const signatures = keys.map((key) => eip191(text, key));
/** 300 lines, each of its own key. */
const many = (change: (lines: Record<string, unknown>[]) => void = () => undefined): Changes => ({
  draft: (made) => {
    const lines = keys.map(({ evm }, i) => ({
      ...{ network: 'eip155:1', asset: 'ETH', address: evm, amount: `${i}`, class: 'own' },
      ownership: { scheme: 'eip191', signatures: [signatures[i]] },
    }));
    change(lines);
    made.lines.splice(1, 1, ...lines);
  },
});

async function verdicts(changes: Changes, options: StreamOptions = {}) {
  const { reserves, addresses } = make(changes);
  const verify = (more: StreamOptions) =>
    verifyReserves(new TextEncoder().encode(reserves), piecesOf(addresses), {
      blocks: CONFIRMED,
      ...options,
      ...more,
    });
  const judge = new WorkerReservesJudge(2);
  try {
    return { here: await verify({}), inThreads: await verify({ judge }) };
  } finally {
    await judge.close();
  }
}

test('threads say what this one says', async () => {
  const { here, inThreads } = await verdicts(many());
  expect(here).toMatchObject({ verdict: 'right', lines: NUMBER + 2, ownership: { fresh: NUMBER + 2 } });
  expect(inThreads).toEqual(here);
});

test('the first line that is wrong is the one that is named', async () => {
  const forged = many((lines) => {
    for (const i of [250, 120, 299]) lines[i]!.ownership = { scheme: 'eip191', signatures: [signatures[0]] };
  });
  const { here, inThreads } = await verdicts(forged);
  expect(here).toMatchObject({ verdict: 'wrong', line: 122 });
  expect(inThreads).toEqual(here);
});

test('an address twice is seen across batches', async () => {
  const { here, inThreads } = await verdicts(many((lines) => lines.splice(129, 0, { ...lines[128] })));
  expect(here).toMatchObject({ verdict: 'malformed', line: 131 });
  expect(inThreads).toEqual(here);
});

test('nodes are asked batch by batch, and progress is told', async () => {
  const asked: number[] = [];
  const progress: number[] = [];
  const { reserves, addresses } = make(many());
  const report = await verifyReserves(new TextEncoder().encode(reserves), piecesOf(addresses), {
    blocks: CONFIRMED,
    nodes: { 'eip155:1': 'node' },
    ask: async (lines) => {
      asked.push(lines.length);
      return lines.map(({ amount, facts }) => (facts.evm ? { amount } : undefined));
    },
    onProgress: ({ lines }) => progress.push(lines),
  });
  expect(asked.reduce((sum, n) => sum + n)).toBe(NUMBER + 2);
  expect(progress.at(-1)).toBe(NUMBER + 2);
  expect(report).toMatchObject({ verdict: 'right', nodes: { 'eip155:1': 'node' }, reasons: { block: 1 } });
});
