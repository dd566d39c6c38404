import { writeDate, writeShortDate, writeTime } from '../i18n/format';
import { boundedText } from './bounded-text';
import { joined, type Dropped } from './dropped';
import { everybodyAfter } from './everybody';
import { headlineOf } from './headline';
import type { Step, StepId } from './report';
import type { StepState } from './states';

describe('files that come one after another', () => {
  const [one, other] = [new Uint8Array([1]), new Uint8Array([2])];
  const nothing: Dropped = { unknown: [] };
  test('a manifest joins the proof that waits for it, and the other way round', () => {
    const both = { proof: one, manifest: other, unknown: [] };
    expect(joined({ proof: one, unknown: [] }, { manifest: other, unknown: [] })).toEqual(both);
    expect(joined({ manifest: other, unknown: [] }, { proof: one, unknown: [] })).toEqual(both);
  });

  test('another proof is not checked against the manifest of the one before', () =>
    expect(joined({ proof: one, manifest: one, unknown: [] }, { proof: other, unknown: [] })).toEqual({
      ...{ proof: other, unknown: [] },
    }));

  test('a file that is none of ours is not answered with the result of the one before', () =>
    expect(joined({ proof: one, manifest: one, unknown: [] }, { unknown: ['x.jpg'] })).toEqual({
      unknown: ['x.jpg'],
    }));

  test('the first', () => expect(joined(undefined, nothing)).toBe(nothing));
});

const step = (id: StepId, state: StepState, why = ''): Step => ({ id, state, why, facts: [], section: 1 });

describe('what is known of the whole proof', () => {
  const here = step('everybody', 'checked', 'here');
  const refused = step('everybody', 'false', 'refused');
  const said = step('everybody', 'server', 'said');
  const denied = step('everybody', 'false', 'server');
  const unread = step('everybody', 'unreadable', 'file');
  test.each([here, refused])('a server that answers late does not cover up what was computed here', (own) => {
    for (const word of [said, denied, unread]) expect(everybodyAfter(own, word)).toBe(own);
  });
  test('what is computed here comes in place of everything else', () => {
    for (const before of [undefined, said, denied, unread, here])
      for (const own of [here, refused]) expect(everybodyAfter(before, own)).toBe(own);
    expect(everybodyAfter(unread, said)).toBe(said);
  });
});

describe('the headline', () => {
  const fine = (['row', 'amounts', 'batch', 'totals', 'signature', 'everybody'] as const).map((id) =>
    step(id, 'checked'),
  );
  const short = step('covered', 'false', 'short');
  const lie = step('covered', 'false', 'refused');
  test('is the weakest of its parts', () => {
    expect(headlineOf(fine, true)).toEqual({ state: 'checked', title: 'headline.checked', open: 0 });
    const open = [...fine.slice(1), step('row', 'open')];
    expect(headlineOf(open, false)).toEqual({ state: 'open', title: 'headline.noKey', open: 1 });
    expect(headlineOf([...fine, step('covered', 'unreadable')], true)).toMatchObject({
      ...{ state: 'unreadable', title: 'headline.open', open: 1 },
    });
    expect(headlineOf([...fine.slice(1), step('row', 'false'), short], true)).toMatchObject({
      ...{ state: 'false', title: 'headline.false' },
    });
  });

  test('a balance that is not covered is not called counted where that was not checked', () => {
    expect(headlineOf([...fine, short], true)).toMatchObject({ title: 'headline.uncovered', open: 0 });
    const open = [...fine.slice(1), step('everybody', 'open')];
    for (const [last, word] of [
      [short, 'uncoveredOpen'],
      [lie, 'reservesFalseOpen'],
    ] as const)
      expect(headlineOf([...open, last], true)).toEqual({
        ...{ state: 'false', title: `headline.${word}`, rest: 'headline.uncoveredRest', open: 1 },
      });
  });
});

test('an answer without an end is not read to its end', async () => {
  let pulled = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled++;
      controller.enqueue(new Uint8Array(1000).fill(0x20));
    },
    cancel: () => void (cancelled = true),
  });
  expect(await boundedText(new Response(endless), 10_000)).toBeUndefined();
  expect([pulled < 20, cancelled]).toEqual([true, true]);
  expect(await boundedText(new Response('aé'), 3)).toBe('aé');
  expect(await boundedText(new Response('aé'), 2)).toBeUndefined();
  expect(await boundedText(new Response(null), 2)).toBe('');
});

test('a time of a server that is none is shown as it is, and no screen fails for it', () => {
  for (const write of [writeDate, writeShortDate, writeTime]) expect(write('soon', 'en')).toBe('soon');
  expect(writeTime('2026-11-30T00:00:00Z', 'en')).toBe('November 30, 2026 at 12:00 AM UTC');
});
