import { concat, u32be, utf8 } from '@solvent-por/kzg';
import { z } from 'zod';
import { malformedMessage, parseMessage, type EventContract } from './contract';
import { snapshotRun } from './snapshot-events';
import { WITNESS_KEY_ID } from './witness-key';

const TOPIC = 'solvent.proofs.requested.v1';
/** Longest header of a message. */
const MAX_HEADER_BYTES = 4096;

const header = snapshotRun.extend({
  /** Index of the job's first batch. */
  first: z.int().min(0).max(65_535),
  batches: z.int().min(1).max(192),
  /** The key under which the payload is sealed. */
  keyId: z.string().regex(WITNESS_KEY_ID),
  /** SHA-256 of the whole sealed payload: parts of one job belong together by it. */
  payloadDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Parts, from 0, of a payload that one message cannot hold. */
  part: z.int().min(0).max(255),
  parts: z.int().min(1).max(256),
  /**
   * Says that whoever holds the witness key made this message, with all of the above and this very payload: 28
   * bytes in base64url. Until it was looked at, nothing of the message is believed.
   */
  seal: z.string().regex(/^[A-Za-z0-9_-]{38}$/),
});

/**
 * One job for the provers: k consecutive batches, compressed, then sealed, for plain balances must not lie in
 * the brokers' logs.
 */
export type ProofRequested = z.output<typeof header> & {
  /** The whole sealed payload, or this part of it. */
  readonly payload: Uint8Array;
};

/** Value: u32be(length of the header) ‖ header as JSON ‖ payload. */
export const proofRequested: EventContract<ProofRequested> = {
  topic: TOPIC,
  // A proof that is made at the same time as others needs a partition of its own: at most so many, in all
  // provers together.
  settings: { partitions: 48, retentionHours: 7 * 24 },
  key: ({ snapshotId, first }) => `${snapshotId}:${first}`,
  encode({ payload, ...rest }) {
    const head = utf8(JSON.stringify(header.parse(rest)));
    return concat(u32be(head.length), head, payload);
  },
  decode(value) {
    if (value.length < 4) throw malformedMessage(TOPIC, 'it is cut off');
    const length = new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
    if (length > MAX_HEADER_BYTES || 4 + length > value.length)
      throw malformedMessage(TOPIC, 'it is cut off');
    const rest = parseMessage(header, value.subarray(4, 4 + length), TOPIC);
    if (rest.part >= rest.parts) throw malformedMessage(TOPIC, 'it has a part beyond the last');
    return { ...rest, payload: value.subarray(4 + length) };
  },
};
