import { ROWS_PER_BATCH } from '../check/snapshot-facts';
import { usePage } from './page';
import { perSecond, Running } from './running';
import type { GlobalRun } from './use-global';

/** How far a verification is: shown only where it is known. */
export function GlobalProgressBar({
  run: { progress, passed },
  onCancel,
}: {
  readonly run: Extract<GlobalRun, { state: 'running' }>;
  readonly onCancel: () => void;
}) {
  const { t, number } = usePage();
  const { batches: done = 0, batchCount: of = 0 } = progress ?? {};
  const rate = perSecond(done * ROWS_PER_BATCH, passed);
  return (
    <Running
      {...{ of, passed, onCancel }}
      label={t('audit.running')}
      done={progress?.batches}
      say={() => t('audit.progress', { done: number(done), n: of, rate })}
    />
  );
}
