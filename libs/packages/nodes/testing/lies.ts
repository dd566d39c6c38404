import { RpcRefusal, startLyingNode, type Lie, type LyingNode } from '@solvent-por/dev/chain-nodes';
import type { ReservesReport } from '@solvent-por/reserves';
import type { Asked } from './published';

export const honest: Lie = (_, answer) => answer();

/** A node that has not some methods. */
export const without =
  (...methods: string[]): Lie =>
  ({ method }, answer) => {
    if (methods.includes(method)) throw new RpcRefusal(-32601, 'the method does not exist');
    return answer();
  };

/** Answers one method with something else than it was. */
export const instead =
  (wanted: string, change: (result: never) => unknown, next: Lie = honest): Lie =>
  async (call, answer) =>
    call.method === wanted ? change((await next(call, answer)) as never) : next(call, answer);

/** Starts liars, and ends them after each test. */
export function liars(): (url: string, lie: Lie, authorization?: string) => Promise<LyingNode> {
  const started: LyingNode[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((liar) => liar.stop()));
  });
  return async (url, lie, authorization) => {
    const liar = await startLyingNode(url, lie, authorization);
    started.push(liar);
    return liar;
  };
}

/** The report of a publication that must be right. */
export function right({ verdict }: Asked): ReservesReport {
  if (verdict.verdict !== 'right') throw new Error(`${verdict.verdict}: ${verdict.reason}`);
  return verdict;
}
