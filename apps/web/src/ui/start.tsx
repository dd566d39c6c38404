import { ROWS_PER_BATCH } from '../check/snapshot-facts';
import type { Published } from '../check/source';
import { fragmentOf } from '../check/fragment';
import { Failure } from './failure';
import { ChooseFiles } from './files';
import { KeyForm, type Complaint } from './key-form';
import { usePage } from './page';
import type { Loaded } from './use-loaded';

/** The first screen: one question, and what it is about. */
export function Start({
  published,
  again,
  waiting,
  complaint,
  note,
  initial,
  earlier,
  onCheck,
  onFiles,
}: {
  readonly published: Loaded<Published>;
  readonly again: () => void;
  /** A key was entered before the snapshot was there. */
  readonly waiting: boolean;
  readonly complaint?: Complaint | undefined;
  /** Why somebody is here again. */
  readonly note?: string | undefined;
  readonly initial?: string | undefined;
  /** The address names a snapshot that may not be the newest. */
  readonly earlier: boolean;
  readonly onCheck: (text: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  const { t, date, go } = usePage();
  const facts = published.state === 'there' ? published.value.facts : undefined;
  if (published.state === 'failed')
    return (
      <div className="column">
        <Failure problem={published.problem}>
          <button type="button" className="primary" onClick={earlier ? () => go({ screen: 'start' }) : again}>
            {t(earlier ? 'error.newest' : 'error.again')}
          </button>
          <ChooseFiles onFiles={onFiles}>{t('start.file')}</ChooseFiles>
        </Failure>
      </div>
    );
  return (
    <div className="column start">
      <h1>{t('start.title')}</h1>
      <p className="lead">{facts ? t('start.lead', { date: date(facts.takenAt) }) : <LeadGhost />}</p>
      {earlier && facts && (
        <p className="note">
          {t('start.earlier', { date: date(facts.takenAt) })} <a href="#/">{t('start.newest')}</a>
        </p>
      )}
      {note && <p className="note">{note}</p>}
      <KeyForm complaint={complaint} {...(initial !== undefined && { initial })} onCheck={onCheck} />
      {waiting && <p role="status">{t('wait.manifest')}</p>}
      <div className="file-choice">
        <ChooseFiles className="secondary wide" onFiles={onFiles}>
          {t('start.file')}
        </ChooseFiles>
        <p className="fine muted">{t('start.fileHelp')}</p>
      </div>
      <footer className="start-facts">
        <p className="fine muted">
          {facts ? (
            <>
              {t('start.bound', { n: facts.batchCount * ROWS_PER_BATCH })}
              {' · '}
              {t('start.assets', { n: facts.assets.length })}
              {' · '}
              {t('start.signedBy', { key: facts.operator.slice(2, 10) })}
            </>
          ) : (
            <Ghost />
          )}
        </p>
        <a className="onwards" href={fragmentOf({ screen: 'audit' })}>
          {t('start.audit')}
        </a>
      </footer>
    </div>
  );
}

/** As many lines as the sentence will have, so that nothing below it moves when it comes. */
function LeadGhost() {
  const { t, date } = usePage();
  return (
    <span className="outline-text" aria-hidden="true">
      <span>{t('start.lead', { date: date(new Date().toISOString()) })}</span>
    </span>
  );
}

/** Where a line will stand. */
function Ghost() {
  return <span className="outline-line" aria-hidden="true" />;
}
