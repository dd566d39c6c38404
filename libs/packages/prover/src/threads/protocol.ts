/** To a thread of a ThreadPool: a task, or the request to end after what it is doing. */
export type ToThread = { readonly name: string; readonly task: unknown } | { readonly end: true };

/** From a thread: that it has loaded, or could not; and the answer to its task. Failures travel as WorkerFailure. */
export type FromThread = { readonly loaded: unknown } | { readonly answer: unknown };
