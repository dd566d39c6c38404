import { usePage } from '../page';
import { perSecond, Running } from '../running';
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
  const { lines = 0, ofLines = 0, ofBytes = 0 } = progress ?? {};
  const rate = perSecond(lines, passed);
  return (
    <Running
      {...{ passed, onCancel }}
      label={t('reserves.running')}
      done={progress?.bytes}
      of={ofBytes}
      say={() => t('reserves.progress', { done: number(lines), n: ofLines, rate })}
    />
  );
}
