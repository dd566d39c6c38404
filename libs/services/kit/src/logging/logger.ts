import { trace } from '@opentelemetry/api';
import {
  destination as openDestination,
  pino,
  stdTimeFunctions,
  type DestinationStream,
  type Logger,
} from 'pino';
import { redactText, redactValue } from './redact';

export interface LoggerOptions {
  /** Stands on each line. */
  readonly service: string;
  readonly level: string;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

/** Which of many things a line is about. */
export interface LogSubject {
  readonly snapshotId?: string;
  readonly attempt?: number;
  /** First batch of a proof. */
  readonly batch?: number;
}

/**
 * pino, whose lines hold no secrets: the fields of a line, at any depth, pass `redactValue`, which drops
 * members that are secret by their name, and each whole line `redactText`, once. While a trace is active its id stands on the line.
 */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      // pino would put an error's members beside the line's: `formatters.log` makes one readable member of
      // it.
      serializers: { err: (error: unknown) => redactValue(error) },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactValue(fields) as Record<string, unknown>,
      },
      hooks: {
        // Whatever came to stand in the line, by a field, a message, its arguments or a child: what shows in
        // its text is cut out here.
        streamWrite: redactText,
      },
      mixin: () => {
        const context = trace.getActiveSpan()?.spanContext();
        return context ? { traceId: context.traceId } : {};
      },
    },
    destination ?? standardOutput(),
  );
}

/** So much is kept of what cannot be written: as long as a disk is full, say. */
const KEPT_BYTES = 1 << 20;

/** Standard output. A disk that is full, or a reader who has gone, costs lines, never the service. */
function standardOutput(): DestinationStream {
  const log = openDestination({ dest: 1, sync: true, maxLength: KEPT_BYTES });
  log.on('error', () => undefined);
  return log;
}

/** A logger whose lines say which snapshot and batch they are about. */
export function childLogger(logger: Logger, subject: LogSubject): Logger {
  return logger.child(subject);
}
