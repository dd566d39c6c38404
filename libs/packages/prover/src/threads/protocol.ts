/** What a thread of a ThreadPool is started with. */
export interface ThreadData {
  /** Names the kind of work among those that its bundle knows. */
  readonly work: string;
  /** For that work: what all its tasks share. */
  readonly data: unknown;
}

/** To a thread: a task, or the request to end after what it is doing. */
export type ToThread = { readonly name: string; readonly task: unknown } | { readonly end: true };

/**
 * From a thread: that it has loaded, or could not; the answer to its task; what it tells by itself. Failures
 * travel in the envelope.
 */
export type FromThread =
  { readonly loaded: unknown } | { readonly answer: unknown } | { readonly news: unknown };
