import { SolventError } from '@solvent-por/kzg';
import { postable, received } from './envelope';

/** What arrives in the other thread. */
const posted = async (work: () => Promise<unknown>) => structuredClone(await postable(work));

test('an answer is itself', async () => {
  for (const answer of [undefined, null, 7, { failed: 1 }, new Uint8Array(2)])
    expect(received(await posted(async () => answer))).toEqual(answer);
});

test('an error of the system keeps its code', async () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const answer = await posted(() => Promise.reject(full));
  expect(() => received(answer)).toThrow(
    expect.objectContaining({ message: 'no space left', code: 'SYSTEM_ENOSPC', kind: 'internal' }) as Error,
  );
});

test('a SolventError keeps all it says, a mistake its message alone', async () => {
  const refusal = new SolventError('REFUSED', 'invalid', 'row 7', { row: 7 });
  const { code, kind, message, details } = refusal;
  const answer = await posted(() => Promise.reject(refusal));
  expect(() => received(answer)).toThrow(
    expect.objectContaining({ name: 'SolventError', code, kind, message, details }) as Error,
  );
  const mistake = await posted(() => Promise.reject(new RangeError('a mistake')));
  expect(() => received(mistake)).toThrow(
    expect.objectContaining({ code: 'WORKER_FAILED', kind: 'internal', message: 'a mistake' }) as Error,
  );
  expect(JSON.stringify(mistake)).not.toMatch(/\bat /);
});
