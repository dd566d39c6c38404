import { Gauge, type Registry } from 'prom-client';
import { LOOK_MS, within, type GroupLag } from '@solvent-por/services/kit';

/** How many messages wait for this service's groups. @param lag asked when metrics are collected */
export function gaugeQueues(registry: Registry, name: string, lag: () => Promise<readonly GroupLag[]>): void {
  new Gauge({
    name,
    help: "Messages published and not yet handled by this service's groups.",
    labelNames: ['topic', 'group'],
    registers: [registry],
    async collect() {
      // An old figure would be a false one, and a broker that is away no reason to hide all other figures.
      this.reset();
      const groups = await within(lag(), LOOK_MS).catch(() => undefined);
      for (const { topic, group, messages } of groups?.value ?? []) this.set({ topic, group }, messages);
    },
  });
}
