import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaJSProtocolError, type Admin } from 'kafkajs';
import type { Log } from '../../logging/log';
import { connectClient, type Client } from './kafka-client';
import type { KafkaConnection } from './kafka-connection';
import { within } from '../../within';

/** So long a question to the brokers may take. */
const ANSWER_MS = 10_000;

/** Between a broker's "not yet" and the next time it is asked. */
const AGAIN_MS = 200;

/** Questions to the brokers over one connection, made anew after any failure. */
export class KafkaAdmin {
  #client: Client<Admin> | undefined;
  #closed = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly log: Log,
  ) {}

  /** @throws Error when the brokers can't be reached, refuse, or take too long */
  async ask<T>(question: (admin: Admin) => Promise<T>, milliseconds = ANSWER_MS): Promise<T> {
    if (this.#closed) throw new Error('closed');
    const client = (this.#client ??= connectClient((kafka) => kafka.admin(), this.connection, this.log));
    try {
      const deadline = performance.now() + milliseconds;
      const answer = await within(
        client.connected.then((admin) => insist(() => question(admin), deadline)),
        milliseconds,
      );
      if (!answer) throw new Error(`no answer within ${milliseconds / 1000} s`);
      return answer.value;
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      void client.end();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end();
  }
}

/** Asks again while a broker answers "not yet": one that has just started loads its groups first. */
async function insist<T>(question: () => Promise<T>, deadline: number): Promise<T> {
  for (;;) {
    try {
      return await question();
    } catch (error) {
      const notYet = error instanceof KafkaJSProtocolError && error.retriable;
      if (!notYet || performance.now() + AGAIN_MS > deadline) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
