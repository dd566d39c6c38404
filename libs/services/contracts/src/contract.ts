import { SolventError, utf8 } from '@solvent-por/kzg';
import type { z } from 'zod';

/** Longest message a topic takes: the brokers' `message.max.bytes`. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** How a topic is provisioned. */
export interface TopicSettings {
  readonly partitions: number;
  readonly retentionHours: number;
}

/**
 * What is said on one topic: key, value and version. A change that old readers cannot read is a new topic
 * with the next version in its name.
 */
export interface EventContract<T> {
  /** `solvent.<what>.<happened>.v<version>` */
  readonly topic: string;
  readonly settings: TopicSettings;
  /** Messages of one key stay in order. */
  key(message: T): string;
  encode(message: T): Uint8Array;
  /** @throws SolventError MESSAGE_MALFORMED (kind malformed): such a message can never be handled */
  decode(value: Uint8Array): T;
}

/** A contract whose value is JSON, checked by a schema that refuses unknown members. */
export function jsonContract<S extends z.ZodType>(
  topic: string,
  schema: S,
  settings: TopicSettings,
  key: (message: z.output<S>) => string,
): EventContract<z.output<S>> {
  return {
    topic,
    settings,
    key,
    encode: (message) => utf8(JSON.stringify(schema.parse(message))),
    decode: (value) => parseMessage(schema, value, topic),
  };
}

/** @throws SolventError MESSAGE_MALFORMED; what it says names members, never values */
export function parseMessage<S extends z.ZodType>(schema: S, value: Uint8Array, topic: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    throw malformedMessage(topic, 'it is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const members = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'message'} (${code})`);
  throw malformedMessage(topic, members.join(', '));
}

export function malformedMessage(topic: string, reason: string): SolventError<'MESSAGE_MALFORMED'> {
  return new SolventError(
    'MESSAGE_MALFORMED',
    'malformed',
    `a message on ${topic} cannot be read: ${reason}`,
    {
      topic,
    },
  );
}
