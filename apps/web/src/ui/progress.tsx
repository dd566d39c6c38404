import { ROWS_PER_BATCH } from '../check/snapshot-facts';
import { usePage } from './page';
import type { GlobalRun } from './use-global';

/** How far a verification is: shown only where it is known. */
export function GlobalProgressBar({
  run,
  onCancel,
}: {
  readonly run: Extract<GlobalRun, { state: 'running' }>;
  readonly onCancel: () => void;
}) {
  const { t, number } = usePage();
  const { progress, passed } = run;
  const done = progress?.batches ?? 0;
  const of = progress?.batchCount ?? 0;
  const rate = passed > 0 ? (done * ROWS_PER_BATCH * 1000) / passed : 0;
  const left = done > 0 ? Math.ceil((((of - done) / done) * passed) / 1000) : undefined;
  return (
    // Figures that change many times a second are not read out one after another.
    <div className="running" aria-live="off">
      <label className="running-label">
        {t('audit.running')}
        <progress max={of || 1} {...(progress && { value: done })} />
      </label>
      <p className="fine muted numbers">
        {progress && t('audit.progress', { done: number(done), n: of, rate: Math.round(rate) })}
        {progress && left !== undefined && <> · {t('audit.left', { n: left })}</>}
      </p>
      <button type="button" className="secondary" onClick={onCancel}>
        {t('audit.cancel')}
      </button>
    </div>
  );
}
