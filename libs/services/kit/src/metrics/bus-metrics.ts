import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BusMeter } from '../bus/bus-options';
import type { MessageBus } from '../bus/message-bus';
import { LOOK_MS, within } from '../within';

/** From a message that only says something to a proof that takes minutes, in seconds. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 5, 10, 20, 40, 80, 160, 320];

/** What a bus counts, as metrics. */
export function busMeter(registry: Registry): BusMeter {
  const registers = [registry];
  const published = new Counter({
    name: 'solvent_bus_published_total',
    help: 'Messages published and acknowledged.',
    labelNames: ['topic'],
    registers,
  });
  const bytes = new Counter({
    name: 'solvent_bus_published_bytes_total',
    help: 'Bytes of the values of messages published.',
    labelNames: ['topic'],
    registers,
  });
  const handled = new Counter({
    name: 'solvent_bus_handled_total',
    help: 'Messages handled (done), given up (dead) or left for another delivery (abandoned).',
    labelNames: ['topic', 'group', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'solvent_bus_handling_seconds',
    help: 'Seconds from the arrival of a message until it was done or given up, pauses between tries included.',
    labelNames: ['topic', 'group'],
    buckets: BUCKETS,
    registers,
  });
  const retried = new Counter({
    name: 'solvent_bus_retried_total',
    help: 'Handlings that failed and were tried again.',
    labelNames: ['topic', 'group', 'transient'],
    registers,
  });
  return {
    published(topic, size) {
      published.inc({ topic });
      bytes.inc({ topic }, size);
    },
    handled(topic, group, outcome, elapsed) {
      handled.inc({ topic, group, outcome });
      if (outcome !== 'abandoned') seconds.observe({ topic, group }, elapsed);
    },
    retried: (topic, group, transient) => retried.inc({ topic, group, transient: String(transient) }),
  };
}

/**
 * Asks for the lag at each scrape. While the brokers don't answer there is no figure, rather than an old one.
 */
export function observeLag(registry: Registry, bus: Pick<MessageBus, 'lag'>): void {
  new Gauge({
    name: 'solvent_bus_lag_messages',
    help: 'Messages published and not yet handled, by group and topic.',
    labelNames: ['group', 'topic'],
    registers: [registry],
    async collect() {
      this.reset();
      const lag = await within(bus.lag(), LOOK_MS).catch(() => undefined);
      for (const { group, topic, messages } of lag?.value ?? []) this.set({ group, topic }, messages);
    },
  });
}
