import { usePage } from '../page';
import type { ReservesRun } from './use-reserves';

/** How far a verification of reserves is. */
export function ReservesProgressBar({
  run: { progress, passed },
  onCancel,
}: {
  readonly run: Extract<ReservesRun, { state: 'running' }>;
  readonly onCancel: () => void;
}) {
  const { t, number } = usePage();
  const { lines = 0, ofLines = 0, bytes = 0, ofBytes = 0 } = progress ?? {};
  const rate = passed > 0 ? (lines * 1000) / passed : 0;
  const left = bytes > 0 ? Math.ceil((((ofBytes - bytes) / bytes) * passed) / 1000) : undefined;
  return (
    // Figures that change many times a second are not read out one after another.
    <div className="running" aria-live="off">
      <label className="running-label">
        {t('reserves.running')}
        <progress max={ofBytes || 1} {...(progress && { value: bytes })} />
      </label>
      <p className="fine muted numbers">
        {progress && t('reserves.progress', { done: number(lines), n: ofLines, rate: Math.round(rate) })}
        {progress && left !== undefined && <> · {t('audit.left', { n: left })}</>}
      </p>
      <button type="button" className="secondary" onClick={onCancel}>
        {t('audit.cancel')}
      </button>
    </div>
  );
}
