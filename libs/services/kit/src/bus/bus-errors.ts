import { SolventError } from '@solvent-por/kzg';
import { MAX_MESSAGE_BYTES } from '@solvent-por/services/contracts';

/** The brokers couldn't be reached, or didn't answer, for as long as publishing was to be tried. */
export function busUnavailable(topic: string, seconds: number, reason: string) {
  return new SolventError(
    'BUS_UNAVAILABLE',
    'internal',
    `a message on ${topic} was not acknowledged within ${seconds} s: ${reason}`,
    { topic },
  );
}

/** The brokers said no, and would say it again. */
export function busRefused(topic: string, reason: string) {
  return new SolventError('BUS_REFUSED', 'internal', `the brokers refuse a message on ${topic}: ${reason}`, {
    topic,
  });
}

export function busClosed() {
  return new SolventError(
    'BUS_CLOSED',
    'internal',
    'the message bus is closed: the service is shutting down',
  );
}

/** @throws SolventError BUS_MESSAGE_TOO_LARGE */
export function checkMessageSize(topic: string, bytes: number): void {
  if (bytes + RECORD_OVERHEAD_BYTES <= MAX_MESSAGE_BYTES) return;
  throw new SolventError(
    'BUS_MESSAGE_TOO_LARGE',
    'invalid',
    `a message on ${topic} has ${bytes} bytes, more than the ${MAX_MESSAGE_BYTES - RECORD_OVERHEAD_BYTES} that a topic takes: send it in parts`,
    { topic, bytes },
  );
}

/**
 * Of a bus's own errors, those that pass. Closing is one: the message is delivered again to whoever comes
 * next.
 */
export function isTransientBusError(error: unknown): boolean {
  return error instanceof SolventError && (error.code === 'BUS_UNAVAILABLE' || error.code === 'BUS_CLOSED');
}

/** A message that nobody who may write to its topic has made: it is given up at once, not tried again. */
export function messageForged(topic: string, reason: string): SolventError<'MESSAGE_FORGED'> {
  return new SolventError(
    'MESSAGE_FORGED',
    'malformed',
    `a message on ${topic} is not ours: ${reason}. Nothing was done with it; look who may write to the topic`,
    { topic },
  );
}

export function isForged(error: unknown): boolean {
  return error instanceof SolventError && error.code === 'MESSAGE_FORGED';
}

/** What key, headers and record batch add to a value: brokers count them. */
const RECORD_OVERHEAD_BYTES = 4 * 1024;
