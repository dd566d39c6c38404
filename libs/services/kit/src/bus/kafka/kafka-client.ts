import type { Kafka } from 'kafkajs';
import type { Log } from '../../logging/log';
import { kafkaClient, Sockets, type KafkaConnection } from './kafka-connection';
import { within } from '../../within';

/** A client of kafkajs that connects, or has connected, or has failed to. */
export interface Client<T> {
  readonly connected: Promise<T>;
  /** Disconnects in good order if that is quick. Never rejects. */
  end(): Promise<void>;
}

/** So long requests that are under way may take when a client is ended. */
const END_MS = 5_000;

export function connectClient<T extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
  make: (kafka: Kafka) => T,
  connection: KafkaConnection,
  log: Log,
): Client<T> {
  const sockets = new Sockets();
  const client = make(kafkaClient(connection, sockets, log));
  let isConnected = false;
  const connected = client.connect().then(() => {
    isConnected = true;
    return client;
  });
  // Whoever uses it is told; nobody may, when it is ended before.
  connected.catch(() => sockets.destroy());
  return {
    connected,
    async end() {
      if (isConnected) await within(client.disconnect(), END_MS).catch(() => undefined);
      sockets.destroy();
    },
  };
}
