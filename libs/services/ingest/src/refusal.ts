import { SolventError } from '@solvent-por/kzg';
import type { SnapshotFailure } from '@solvent-por/services/database';

/** The request or its source is at fault: trying again changes nothing, the snapshot fails. */
export class Refusal extends Error {
  constructor(readonly failure: SnapshotFailure) {
    super(failure.message);
  }

  /**
   * The same, but naming the source as it was requested: where it lies on this machine is nobody's business.
   */
  within(input: string, source: string): Refusal {
    const { code, message, details = {} } = this.failure;
    const hide = <T>(value: T) => (typeof value === 'string' ? value.replaceAll(input, source) : value);
    return new Refusal({
      code,
      message: hide(message) as string,
      details: Object.fromEntries(
        Object.entries(details).map(([name, value]) => [name, hide(value) as string | number]),
      ),
    });
  }
}

/**
 * Does work that judges what was requested.
 * @throws Refusal for SolventErrors of the kinds invalid, malformed and usage; anything else as it is
 */
export async function judging<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(error);
  }
}

/** The same for what comes one by one: it judges while the next one is made, never what is done with it. */
export async function* judgingEach<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await judging(() => iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

function refused(error: unknown): unknown {
  if (!(error instanceof SolventError) || error.kind === 'internal') return error;
  const { code, message, details } = error;
  return new Refusal({ code, message, details });
}
