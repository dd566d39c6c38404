import { randomBytes } from 'node:crypto';
import { SolventError, utf8 } from '@solvent-por/kzg';
import type { EventContract } from '@solvent-por/services/contracts';
import { z } from 'zod';

const note = z.strictObject({ key: z.string(), text: z.string() });
export type Note = z.output<typeof note>;

/** A topic of one test's own, so that tests share a broker. */
export function noteContract(partitions = 4): EventContract<Note> {
  return {
    topic: `solvent.test-${randomBytes(6).toString('hex')}.v1`,
    settings: { partitions, retentionHours: 1 },
    key: ({ key }) => key,
    encode: (message) => utf8(JSON.stringify(message)),
    decode(value) {
      try {
        return note.parse(JSON.parse(Buffer.from(value).toString('utf8')));
      } catch {
        throw new SolventError('MESSAGE_MALFORMED', 'malformed', 'this is no note');
      }
    },
  };
}

/** Says on the contract's topic what its readers cannot read. */
export function unreadable({ topic, settings }: EventContract<Note>): EventContract<Uint8Array> {
  return { topic, settings, key: () => 'k', encode: (bytes) => bytes, decode: (bytes) => bytes };
}

export function uniqueGroup(): string {
  return `group-${randomBytes(6).toString('hex')}`;
}
