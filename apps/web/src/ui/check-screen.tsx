import { useEffect, useState } from 'react';
import type { Dropped } from '../check/dropped';
import { everybodyAfter } from '../check/everybody';
import { checkDropped, checkTyped, type Outcome, type Stage } from '../check/run-check';
import type { Step } from '../check/report';
import type { Published } from '../check/source';
import { Failure } from './failure';
import { ChooseFiles } from './files';
import { KeyForm } from './key-form';
import { Missing } from './missing';
import { More, wholeHeld } from './more';
import { usePage } from './page';
import { useFound } from './reserves/use-found';
import { useCovered } from './reserves/use-covered';
import { Result } from './result';
import { Waiting } from './waiting';

/** One account's check: while it runs, and what came of it. */
export function CheckScreen({
  snapshot,
  typed,
  dropped,
  loaded,
  onComplaint,
  onTyped,
  onFiles,
}: {
  readonly snapshot: string;
  readonly typed: string | undefined;
  readonly dropped: Dropped | undefined;
  /** A snapshot that the first screen has loaded. */
  readonly loaded: Published | undefined;
  readonly onComplaint: (wrong: { problem: string; digits: number }) => void;
  readonly onTyped: (text: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  const page = usePage();
  const { t, go, source } = page;
  const [stage, setStage] = useState<Stage>('manifest');
  const [outcome, setOutcome] = useState<Outcome>();
  const [everybody, setEverybody] = useState<Step>();
  const [turn, setTurn] = useState(0);
  const [fetched, setFetched] = useState<readonly string[]>([]);
  const covered = useCovered(outcome);
  const whole = useWhole(outcome);
  useEffect(() => {
    if (typed === undefined && !dropped) return;
    const ending = new AbortController();
    setOutcome(undefined);
    setEverybody(undefined);
    const known = [...fetched, ...(loaded ? [loaded.manifest] : [])];
    const running = dropped
      ? checkDropped(page, dropped, known, typed, setStage)
      : checkTyped(page, loaded?.id === snapshot ? loaded : snapshot, typed!, setStage, ending.signal);
    void running.then((next) => {
      if (ending.signal.aborted) return;
      if (next.kind === 'malformed') onComplaint(next);
      else setOutcome(next);
    });
    return () => ending.abort();
  }, [snapshot, typed, dropped, turn, fetched]);

  if (typed === undefined && !dropped)
    return <Again onTyped={onTyped} onFiles={onFiles} file={snapshot === 'file'} />;
  if (!outcome) return <Waiting text={t(`wait.${stage}`)} lines={5} title />;
  if (outcome.kind === 'report')
    return (
      <>
        <Result outcome={outcome} everybody={everybody ?? whole} covered={covered}>
          <More
            outcome={outcome}
            typed={typed !== undefined}
            everybody={everybody ?? whole}
            covered={covered}
            onEverybody={(next) => setEverybody((before) => everybodyAfter(before ?? whole, next))}
          />
        </Result>
        {!outcome.report.keyKnown && (
          <div className="column">
            <KeyForm
              key={typed}
              onCheck={onTyped}
              {...(outcome.complaint && { complaint: outcome.complaint, initial: typed ?? '' })}
            />
          </div>
        )}
      </>
    );
  if (outcome.kind === 'missing') return <Missing outcome={outcome} typed={typed ?? ''} />;
  if (outcome.kind === 'malformed') return null;
  const { problem } = outcome;
  const fetchManifest = () =>
    void source
      .list()
      .then((list) => setFetched(list.map(({ manifest }) => manifest)))
      .catch(() => setTurn(turn + 1));
  return (
    <div className="column">
      <Failure problem={problem}>
        {problem.kind === 'needManifest' ? (
          <button type="button" className="primary" onClick={fetchManifest}>
            {t('error.fetch')}
          </button>
        ) : problem.kind === 'unknown' ? (
          <button type="button" className="primary" onClick={() => go({ screen: 'start' })}>
            {t('error.newest')}
          </button>
        ) : (
          !dropped && (
            <button type="button" className="primary" onClick={() => setTurn(turn + 1)}>
              {t('error.again')}
            </button>
          )
        )}
        {(dropped || problem.kind === 'dropped') && (
          <ChooseFiles className="secondary" onFiles={onFiles}>
            {t('error.choose')}
          </ChooseFiles>
        )}
      </Failure>
    </div>
  );
}

/** The whole proof may have been verified on another screen of this page. */
function useWhole(outcome: Outcome | undefined): Step | undefined {
  const snapshot = outcome?.kind === 'report' ? outcome.report.snapshot : undefined;
  const { liabilitiesProved } = useFound(snapshot?.digest);
  if (outcome?.kind !== 'report' || !snapshot || !liabilitiesProved) return undefined;
  const base = outcome.report.steps.find(({ id }) => id === 'everybody');
  return base && wholeHeld(base, snapshot.batchCount);
}

/** After a reload: the place is kept, the key is not. */
function Again({
  onTyped,
  onFiles,
  file,
}: {
  readonly onTyped: (text: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly file: boolean;
}) {
  const { t } = usePage();
  return (
    <div className="column start">
      <h1>{t('start.title')}</h1>
      <p className="note">{t(file ? 'start.fileHelp' : 'start.again')}</p>
      {!file && <KeyForm onCheck={onTyped} />}
      <ChooseFiles className="secondary wide" onFiles={onFiles}>
        {t('start.file')}
      </ChooseFiles>
    </div>
  );
}
