import { SolventError } from '@solvent-por/kzg';

export interface AuditEntry {
  /** API key id, or `cli`. */
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Records what operators do: before it is done, so that nothing happens unrecorded, and again when it was
 * refused.
 */
export class AuditTrail {
  constructor(private readonly record: (entry: AuditEntry) => Promise<unknown>) {}

  /** @param made names what the work made, where nobody could name it before: recorded once it is there, with the name under which it was asked for */
  async recorded<T>(entry: AuditEntry, work: () => T | Promise<T>, made?: (result: T) => string): Promise<T> {
    await this.record(entry);
    let result: T;
    try {
      result = await work();
    } catch (error) {
      const code = error instanceof SolventError ? error.code : 'INTERNAL';
      await this.record({ ...entry, action: `${entry.action}.refused`, details: { ...entry.details, code } });
      throw error;
    }
    if (made)
      await this.record({
        ...entry,
        action: `${entry.action}.done`,
        target: made(result),
        details: { ...entry.details, asked: entry.target },
      });
    return result;
  }
}
