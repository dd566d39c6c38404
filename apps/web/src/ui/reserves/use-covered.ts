import { coveredStep } from '../../check/covered-step';
import type { Step } from '../../check/report';
import type { Outcome } from '../../check/run-check';
import { readServerSolvency } from '../../check/server-solvency';
import { usePage } from '../page';
import { useLoaded } from '../use-loaded';
import { useFound } from './use-found';

/**
 * The step "it is covered" of one account, as far as it was shown; undefined where no reserves are published, or
 * nobody says so. For a file that was dropped nothing is asked of anybody.
 */
export function useCovered(outcome: Outcome | undefined): Step | undefined {
  const { source } = usePage();
  const reported = outcome?.kind === 'report' ? outcome : undefined;
  const { reserves, liabilitiesProved } = useFound(reported?.report.snapshot.digest);
  const snapshot = reported && reported.from !== 'file' ? reported.report.snapshot.snapshot : undefined;
  const [told] = useLoaded(
    async (signal) => {
      if (snapshot === undefined) return { published: false };
      if (source.config.kind === 'files') return { published: await source.hasReserves(snapshot, signal) };
      const server = await readServerSolvency(source.config.address, snapshot, { signal });
      return { published: !!server, ...(server && { server }) };
    },
    [source, snapshot],
  );
  if (!reported) return undefined;
  const { published, server } = told.state === 'there' ? told.value : { published: false, server: undefined };
  const symbols = reported.report.values
    .filter(({ side, amount }) => side !== 'debt' && /[1-9]/.test(amount))
    .map(({ symbol }) => symbol);
  return coveredStep([...new Set(symbols)], { here: reserves, liabilitiesProved, server, published });
}
