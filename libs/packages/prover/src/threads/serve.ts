import { parentPort, workerData } from 'node:worker_threads';
import { postable } from './envelope';
import type { FromThread, ThreadData, ToThread } from './protocol';

/** What a thread does with a task of each name; each handler takes what its own caller sends. */
export type Handlers = Readonly<Record<string, (task: never) => Promise<unknown>>>;

/** What work may use beside its data. */
export interface WorkContext {
  /** Tells whoever made the pool something that is no answer. */
  readonly tell: (news: unknown) => void;
  /** Set when the pool is ended: a task that can take long looks at it, any other is finished. */
  readonly ending: AbortSignal;
}

/** A module that does one kind of work. */
export interface WorkModule {
  /** Loads what all tasks need; the thread counts as ready then. */
  readonly start: (data: never, context: WorkContext) => Promise<Handlers>;
}

/** Kinds of work by their names, each loaded by the threads that do it only. */
export type WorkTable = Readonly<Record<string, () => Promise<WorkModule>>>;

/**
 * The thread's side of a ThreadPool: answers tasks until it is told to end, then lets go of its port, so that
 * the thread ends by itself.
 */
export function serve(table: WorkTable): void {
  const port = parentPort!;
  const post = (message: FromThread) => port.postMessage(message);
  const ending = new AbortController();
  const starting = startOf(table, { tell: (news) => post({ news }), ending: ending.signal });
  let busy: Promise<unknown> = postable(() => starting.then(() => undefined)).then((loaded) =>
    post({ loaded }),
  );
  port.on('message', (message: ToThread) => {
    if ('end' in message) {
      ending.abort();
      void busy.then(() => port.close());
      return;
    }
    const work = postable(async () => {
      const handler = (await starting)[message.name] as ((task: unknown) => Promise<unknown>) | undefined;
      if (!handler) throw new TypeError(`no handler of ${message.name}`);
      return handler(message.task);
    }).then((answer) => post({ answer }));
    busy = Promise.all([busy, work]);
  });
}

async function startOf(table: WorkTable, context: WorkContext): Promise<Handlers> {
  const { work, data } = workerData as ThreadData;
  const load = table[work];
  if (!load) throw new TypeError(`this bundle knows no work named ${work}`);
  return (await load()).start(data as never, context);
}
