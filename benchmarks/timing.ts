import { loadCommitter } from '@solvent/algebra/native';

export async function repeat(times: number, run: () => Promise<void>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await run();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Seconds. */
export function since(start: number): number {
  return (performance.now() - start) / 1000;
}

/** CPU time of a full-size commitment by c-kzg in this process: the unit. */
export async function commitmentSeconds(): Promise<number> {
  const committer = await loadCommitter({ backend: 'c-kzg' });
  const blob = fullBlob();
  const times: number[] = [];
  for (let i = 0; i < 15; i++) times.push(cpuSeconds(() => committer.commit(blob)));
  return median(times);
}

/** CPU time of this process while something runs in this thread. */
export function cpuSeconds(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** A column of full-size values. */
export function fullBlob(): Uint8Array {
  return new Uint8Array(131_072).map((_, i) => (i % 32 === 0 ? 0x40 : (i * 193 + (i >> 8) * 71) & 255));
}
