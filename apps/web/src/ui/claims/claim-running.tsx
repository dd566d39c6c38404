import type { ClaimProgress } from '../../worker/claims-protocol';
import { writeBytes } from '../../i18n/format';
import { usePage } from '../page';

const STEPS = ['keys', 'checking', 'witness', 'proving', 'verifying'] as const;
const STEPS_OF_SERVER = ['server', 'verifying'] as const;

/** How far a claim is: a bar only where it is known how much there is to do. */
export function ClaimRunning({
  byServer,
  progress: { step, bytes, totalBytes },
  onCancel,
}: {
  readonly byServer: boolean;
  readonly progress: ClaimProgress;
  readonly onCancel: () => void;
}) {
  const { t, language } = usePage();
  const steps: readonly ClaimProgress['step'][] = byServer ? STEPS_OF_SERVER : STEPS;
  const at = steps.indexOf(step);
  return (
    <section className="running" aria-labelledby="claim-running">
      <h2 id="claim-running">{t('claim.running')}</h2>
      <ol className="claim-steps">
        {steps.map((one, i) => (
          <li
            key={one}
            className={`claim-step claim-step-${i < at ? 'done' : i === at ? 'now' : 'next'}`}
            {...(i === at && { 'aria-current': 'step' })}
          >
            {t(`claim.step.${one}`)}
            {one === 'keys' && i === at && totalBytes !== undefined && (
              <>
                <progress aria-label={t('claim.step.keys')} max={totalBytes} value={bytes ?? 0} />
                <span className="fine muted numbers">
                  {writeBytes(bytes ?? 0, language)} / {writeBytes(totalBytes, language)}
                </span>
              </>
            )}
          </li>
        ))}
      </ol>
      <p role="status" className="only-heard">
        {t(`claim.step.${step}`)}
      </p>
      <button type="button" className="secondary" onClick={onCancel}>
        {t('claim.cancel')}
      </button>
    </section>
  );
}
