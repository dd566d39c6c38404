import type { Outcome } from '../../check/run-check';
import { Failure } from '../failure';
import { usePage } from '../page';
import { ReservesProgressBar } from './reserves-progress';
import { useReserves } from './use-reserves';

/** The reserves behind one account's snapshot, verified from its result. */
export function CoverMore({
  outcome: { report, documents },
}: {
  readonly outcome: Extract<Outcome, { kind: 'report' }>;
}) {
  const { t, source } = usePage();
  const { snapshot, digest } = report.snapshot;
  const manifest = new TextDecoder().decode(documents.manifest);
  const { run, start, cancel } = useReserves({ manifest, digest });
  if (run.state === 'running') return <ReservesProgressBar run={run} onCancel={cancel} />;
  return (
    <>
      <div className="buttons">
        <button
          type="button"
          className="secondary"
          onClick={() => start({ address: source.address(snapshot) })}
        >
          {t('reserves.verifyToo')}
        </button>
      </div>
      <div aria-live="polite">
        {run.state === 'none' && <p className="fine muted">{t('reserves.none')}</p>}
        {run.state === 'cancelled' && <p className="fine muted">{t('reserves.cancelled')}</p>}
        {run.state === 'failed' && <Failure problem={run.problem} level="h3" />}
      </div>
    </>
  );
}
