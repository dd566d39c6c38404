import { Writable } from 'node:stream';
import { Output } from './output';

/** A stream whose n-th write fails; written is what got through. */
function failing(at: number, code: string, how: 'callback' | 'throws' = 'callback') {
  const written: string[] = [];
  const fail = () => Object.assign(new Error(code), { code });
  const stream = new Writable({
    autoDestroy: false,
    write(chunk: Buffer, _, done) {
      if (written.length + 1 < at) {
        written.push(chunk.toString());
        return done();
      }
      if (how === 'throws') throw fail();
      done(fail());
    },
  });
  return { written, output: new Output(stream as unknown as NodeJS.WriteStream) };
}

test.each(['callback', 'throws'] as const)(
  'after a failure (%s) all is dropped, and nothing thrown',
  async (how) => {
    const { written, output } = failing(2, 'ENOSPC', how);
    for (const text of ['a', 'b', 'c']) output.write(text);
    expect(await output.settled()).toEqual({ code: 'ENOSPC', readerGone: false });
    output.write('d');
    output.stream.write('e');
    expect(written).toEqual(['a']);
  },
);

test('a reader who has gone is told from a disk that is full', async () => {
  const { output } = failing(1, 'EPIPE');
  output.stream.write('a');
  expect(await output.settled()).toEqual({ code: 'EPIPE', readerGone: true });
});

test('waits for what is being written', async () => {
  let finish: () => void = () => undefined;
  const slow = new Writable({ write: (_chunk, _encoding, done) => void (finish = () => done()) });
  const output = new Output(slow as unknown as NodeJS.WriteStream);
  output.write('a');
  let settled = false;
  const waiting = output.settled().then((loss) => {
    settled = true;
    return loss;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  finish();
  expect(await waiting).toBeUndefined();
});
