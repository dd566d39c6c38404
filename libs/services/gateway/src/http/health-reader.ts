export type Checks = Readonly<Record<string, () => Promise<boolean>>>;

/** Whether what the gateway stands on is there. */
export class HealthReader {
  constructor(
    private readonly version: string,
    private readonly checks: Checks,
  ) {}

  async read() {
    const checks = await Promise.all(
      Object.entries(this.checks).map(async ([name, check]) => ({
        name,
        ok: await check().catch(() => false),
      })),
    );
    return { ready: checks.every(({ ok }) => ok), version: this.version, checks };
  }
}
