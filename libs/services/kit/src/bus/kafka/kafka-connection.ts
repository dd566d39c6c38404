import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Kafka, logLevel, type ISocketFactory, type logCreator } from 'kafkajs';
import { redactValue } from '../../logging/redact';
import type { Log } from '../../logging/log';

/** Where the brokers are and how they are talked to. */
export interface KafkaConnection {
  /** `host:port` of some of them; the others are learnt. */
  readonly brokers: readonly string[];
  /** TLS: true for the system's authorities, or a private one. */
  readonly ssl?: boolean | { readonly ca: string };
  /** SASL, SCRAM-SHA-512. */
  readonly sasl?: { readonly username: string; readonly password: string };
  /** Whether this user makes topics that are missing; true unless said otherwise. */
  readonly provision?: boolean;
  /** As brokers call us in their logs and quotas: the service's name. */
  readonly clientId: string;
}

const KEEP_ALIVE_MS = 60_000;

/**
 * The sockets of one client, so that it can be ended even while it waits for a broker's answer: kafkajs
 * itself would wait for minutes.
 */
export class Sockets {
  readonly #open = new Set<Socket>();
  #closed = false;

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.#closed) throw new Error('the client is closed');
    const socket = ssl
      ? connectTls(tlsOptions(host, port, ssl), onConnect)
      : connectPlain({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  };

  /** Every request that is under way fails, and no connection is made again. */
  destroy(): void {
    this.#closed = true;
    // With an error: kafkajs doesn't listen to 'close'.
    for (const socket of this.#open) socket.destroy(new Error('the client is closed'));
  }
}

function tlsOptions(host: string, port: number, ssl: ConnectionOptions): ConnectionOptions {
  return { host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl };
}

export function kafkaClient(
  { brokers, ssl, sasl, clientId }: KafkaConnection,
  sockets: Sockets,
  log: Log,
): Kafka {
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ...(ssl ? { ssl: ssl === true ? true : { ca: ssl.ca } } : {}),
    ...(sasl ? { sasl: { mechanism: 'scram-sha-512', ...sasl } } : {}),
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    // Whoever uses the client tries again on its own terms; kafkajs's tries only bridge a hiccup.
    retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 },
    socketFactory: sockets.factory,
    logLevel: logLevel.INFO,
    logCreator: logInto(log),
  });
}

/** kafkajs calls errors what passes by itself, and tells each step: both a level lower than it thinks. */
function logInto(log: Log): logCreator {
  return () =>
    ({
      level,
      namespace,
      log: { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields },
    }) => {
      const entry = redactValue({ ...fields, kafkajs: namespace }) as object;
      if (level === logLevel.ERROR) log.warn(entry, message);
      else log.debug(entry, message);
    };
}
