import { parentPort } from 'node:worker_threads';
import { postable } from '../worker-failure';
import type { FromThread, ToThread } from './protocol';

/** What a thread does with a task of each name; each handler takes what its own caller sends. */
export type Handlers = Readonly<Record<string, (task: never) => Promise<unknown>>>;

/**
 * The thread's side of a ThreadPool: answers tasks until it is told to end, then lets go of its port, so that the thread ends by itself.
 *
 * @param ready what must be loaded before the pool counts as ready
 */
export function serve(ready: Promise<unknown>, handlers: Handlers): void {
  const port = parentPort!;
  let busy: Promise<unknown> = postable(() => ready.then(() => undefined)).then((loaded) => post({ loaded }));
  function post(message: FromThread): void {
    port.postMessage(message);
  }
  port.on('message', (message: ToThread) => {
    if ('end' in message) {
      void busy.then(() => port.close());
      return;
    }
    const handler = handlers[message.name] as ((task: unknown) => Promise<unknown>) | undefined;
    const work = postable(async () => {
      if (!handler) throw new TypeError(`no handler of ${message.name}`);
      return handler(message.task);
    }).then((answer) => post({ answer }));
    busy = Promise.all([busy, work]);
  });
}
