import type { AuditReport, RefusedAuditReport } from '@solvent-por/reserves';

/** What came of a publication of reserves that was verified here. */
export type ReservesFound = AuditReport | RefusedAuditReport;

/**
 * What this page itself has verified since it was opened, by the digest of the manifest that it belongs to: kept
 * in memory alone, so that one screen need not ask for what another one has shown.
 */
export class Found {
  readonly #proved = new Set<string>();
  readonly #reserves = new Map<string, ReservesFound>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  /** The global proof under this manifest held, every batch of it. */
  prove(manifest: string): void {
    this.#proved.add(manifest);
    this.#changed();
  }

  isProved(manifest: string): boolean {
    return this.#proved.has(manifest);
  }

  keepReserves(manifest: string, found: ReservesFound): void {
    this.#reserves.set(manifest, found);
    this.#changed();
  }

  reserves(manifest: string): ReservesFound | undefined {
    return this.#reserves.get(manifest);
  }

  /** Another number whenever something was found. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
