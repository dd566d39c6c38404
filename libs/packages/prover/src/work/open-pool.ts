import { ThreadPool } from '../threads/thread-pool';
import { workerFile } from '../files';
import type { WORK } from './table';

export type WorkName = keyof typeof WORK;
type StartOf<W extends WorkName> = Awaited<ReturnType<(typeof WORK)[W]>>['start'];

/** Threads that do one kind of work of this library. @param data what all its tasks share */
export function openPool<W extends WorkName>(
  work: W,
  { threads, data }: { readonly threads: number; readonly data: Parameters<StartOf<W>>[0] },
): ThreadPool<Awaited<ReturnType<StartOf<W>>>> {
  return new ThreadPool({ file: workerFile(), work, threads, data });
}
