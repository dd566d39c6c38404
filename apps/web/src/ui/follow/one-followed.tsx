import type { SnapshotFailure, SnapshotProgress, SnapshotState } from '@solvent-por/client';
import { fragmentOf } from '../../check/fragment';
import { Failure } from '../failure';
import { usePage } from '../page';
import { Waiting } from '../waiting';
import type { OperatorAccess } from './operator-access';
import { SealedBundleSection } from './sealed-bundle';
import { useProgress } from './use-progress';

const STAGES = ['REQUESTED', 'INGESTING', 'PROVING', 'PUBLISHED'] as const;

/** One snapshot on its way, as it happens. */
export function OneFollowed({
  operator,
  snapshot,
}: {
  readonly operator: OperatorAccess;
  readonly snapshot: string;
}) {
  const { t, go } = usePage();
  const { live, progress, problem, again } = useProgress(snapshot, operator.apiKey);
  return (
    <>
      <p>
        <a href={fragmentOf({ screen: 'follow' })}>{t('follow.back')}</a>
      </p>
      <h1 className="break">{t('follow.one', { id: snapshot })}</h1>
      <p role="status" className="muted" data-live={live} data-progress={progress?.state}>
        {progress && <strong>{t(`follow.state.${progress.state}`)}</strong>} {t(`follow.live.${live}`)}
      </p>
      {!progress && !problem && <Waiting text={t('follow.wait')} />}
      {problem && (
        <Failure problem={problem}>
          <button type="button" className="primary" onClick={again}>
            {t('error.again')}
          </button>
        </Failure>
      )}
      {progress && <Stages progress={progress} />}
      {progress?.failure && <Failed failure={progress.failure} onAgain={() => go({ screen: 'follow' })} />}
      {progress?.state === 'PUBLISHED' && (
        <>
          <section className="follow-done">
            <h2>{t('follow.published')}</h2>
            <a className="button primary" href={fragmentOf({ screen: 'snapshot', snapshot })}>
              {t('follow.published.look')}
            </a>
          </section>
          <SealedBundleSection operator={operator} snapshot={snapshot} />
        </>
      )}
    </>
  );
}

/** Where it is: what was done, what is under way, what is to come; and, while batches are proved, how many. */
function Stages({ progress }: { readonly progress: SnapshotProgress }) {
  const { t, number } = usePage();
  const { state, batches, batchesProved } = progress;
  const at = stageOf(progress);
  return (
    <ol className="stages">
      {STAGES.map((stage, i) => {
        const how = howOf(i, at, state);
        return (
          <li key={stage} className={`stage stage-${how}`} {...(how === 'now' && { 'aria-current': 'step' })}>
            <span className="stage-name">{t(`follow.stage.${stage}`)}</span>{' '}
            <span className="fine muted">{t(`follow.stage.${how}`)}</span>
            {stage === 'PROVING' && how !== 'next' && (
              <Proved batches={batches} proved={batchesProved} number={number} />
            )}
            {stage === 'PUBLISHED' && state !== 'PUBLISHED' && state !== 'FAILED' && (
              <p className="fine muted">{t('follow.publishing')}</p>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Proved({
  batches,
  proved,
  number,
}: {
  readonly batches: number | null;
  readonly proved: number;
  readonly number: (value: number) => string;
}) {
  const { t } = usePage();
  if (batches === null) return <p className="fine muted">{t('follow.batches.unknown')}</p>;
  return (
    <label className="fine numbers">
      {t('follow.batches', { done: number(proved), n: batches })}
      <progress max={batches} value={proved} />
    </label>
  );
}

/** A failed one stopped where it has come to: what was never counted was never proved. */
function stageOf({ state, batches }: SnapshotProgress): number {
  if (state === 'FAILED') return batches === null ? 1 : 2;
  return STAGES.indexOf(state);
}

function howOf(i: number, at: number, state: SnapshotState): 'done' | 'now' | 'stopped' | 'next' {
  if (i < at || state === 'PUBLISHED') return 'done';
  if (i > at) return 'next';
  return state === 'FAILED' ? 'stopped' : 'now';
}

function Failed({ failure, onAgain }: { readonly failure: SnapshotFailure; readonly onAgain: () => void }) {
  const { t, number } = usePage();
  const rows = [
    ['follow.failed.reason', failure.message],
    ['follow.failed.code', failure.code],
    ['follow.failed.file', failure.file],
    ['follow.failed.row', failure.row === null ? null : number(failure.row)],
  ] as const;
  return (
    <section className="follow-failed" role="alert" data-failed={failure.code}>
      <h2>{t('follow.failed')}</h2>
      <dl className="facts facts-plain">
        {rows.map(
          ([name, value]) =>
            value !== null && (
              <div key={name} className="fact-pair">
                <dt>{t(name)}</dt>
                <dd className="break">{value}</dd>
              </div>
            ),
        )}
      </dl>
      <p>{t('follow.failed.next')}</p>
      <p>
        <button type="button" className="primary" onClick={onAgain}>
          {t('follow.failed.again')}
        </button>
      </p>
    </section>
  );
}
