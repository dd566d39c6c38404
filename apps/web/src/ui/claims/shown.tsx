import { useState } from 'react';
import { shownTrouble } from '../../check/claim-trouble';
import { problemOf, type Problem } from '../../check/problem';
import { expectedOperator } from '../../check/run-check';
import { SourceError, type Published } from '../../check/source';
import type { Calls } from '../../worker/calls';
import type { AskedFor, ShownFrom, ShownReport } from '../../worker/shown-protocol';
import { Failure } from '../failure';
import { usePage, type Page } from '../page';
import { StateMark } from '../state-mark';
import { useLoaded } from '../use-loaded';
import { Waiting } from '../waiting';
import { AskedForm } from './asked-form';
import { ShownAnswer } from './shown-answer';
import { ShownChoice } from './shown-choice';
import { ShownWords, useShownWords } from './shown-words';
import { useClaimsWorker } from './use-claim';
import '../../style/claims.css';

/** A claim that somebody shows: from a link, or from its file. */
export default function Shown({ link }: { readonly link: string | undefined }) {
  return (
    <ShownWords>
      <FromLinkOrFile link={link} />
    </ShownWords>
  );
}

function FromLinkOrFile({ link }: { readonly link: string | undefined }) {
  const page = usePage();
  const say = useShownWords();
  const { t } = page;
  const calls = useClaimsWorker();
  const [from, setFrom] = useState<ShownFrom | undefined>(link === undefined ? undefined : { link });
  const [loaded, again] = useLoaded(from && ((signal: AbortSignal) => openShown(page, calls, from, signal)), [
    from,
  ]);
  const isOpen = from !== undefined && loaded.state === 'there';
  return (
    <div className="column claims">
      <h1>{say('shown.title')}</h1>
      {!isOpen && <p className="lead">{say('shown.lead')}</p>}
      {from && loaded.state === 'loading' && <Waiting text={t('claim.shownWait')} />}
      {from && loaded.state === 'failed' && (
        <ShownFailure problem={loaded.problem} fromLink={'link' in from} again={again} />
      )}
      {isOpen ? (
        <ShownClaim calls={calls} opened={loaded.value} onAnother={() => setFrom(undefined)} />
      ) : (
        (!from || loaded.state === 'failed') && <ShownChoice onFrom={setFrom} />
      )}
      <p className="fine muted shown-where">{say('shown.where', { host: window.location.host })}</p>
    </div>
  );
}

/** The answer, then what it takes of the partner's own to make it one for them. */
function ShownClaim({
  calls,
  opened: { document, published, newest, address, report: first },
  onAnother,
}: {
  readonly calls: Calls;
  readonly opened: Opened;
  readonly onAnother: () => void;
}) {
  const page = usePage();
  const say = useShownWords();
  const [report, setReport] = useState(first);
  const [problem, setProblem] = useState<Problem>();
  const compare = (asked: AskedFor) => {
    setProblem(undefined);
    calls
      .ask('shownClaim', { document, manifest: published.manifest, address, ...expectedOf(page), asked })
      .then(setReport, (error: unknown) => setProblem(problemOf(error)));
  };
  return (
    <>
      <ShownAnswer report={report} newest={newest}>
        {problem && <Failure problem={problem} level="h3" />}
        {!first.refused && <AskedForm done={report.asked !== undefined} onAsked={compare} />}
      </ShownAnswer>
      <div className="buttons">
        <button type="button" className="secondary" onClick={onAnother}>
          {say('shown.another')}
        </button>
      </div>
    </>
  );
}

function ShownFailure({
  problem,
  fromLink,
  again,
}: {
  readonly problem: Problem;
  readonly fromLink: boolean;
  readonly again: () => void;
}) {
  const { t } = usePage();
  const say = useShownWords();
  const trouble = shownTrouble(problem, fromLink);
  if (!trouble)
    return (
      <Failure problem={problem} level="h3">
        <button type="button" className="primary" onClick={again}>
          {t('error.again')}
        </button>
      </Failure>
    );
  return (
    <section className="claim-failed claim-unread" role="alert" data-trouble={trouble}>
      <h2>
        <StateMark state="unreadable" word={false} /> {say('shown.failed.title')}
      </h2>
      <p>{say(`shown.failed.${trouble}`)}</p>
      <p className="fine muted break">{t('claim.failed.detail', { code: problem.code })}</p>
    </section>
  );
}

interface Opened {
  readonly document: Uint8Array;
  readonly published: Published;
  readonly newest: Published;
  /** Below which the keys' files are. */
  readonly address: string;
  readonly report: ShownReport;
}

/** @throws SourceError CLAIM_SNAPSHOT_UNKNOWN; CallError */
async function openShown(page: Page, calls: Calls, from: ShownFrom, signal: AbortSignal): Promise<Opened> {
  const { source } = page;
  const among = (all: readonly Published[]) =>
    calls.ask('shown', { from, manifests: all.map(({ manifest }) => manifest) });
  // What is no claim is said before anything is fetched.
  const { document } = await among([]);
  const newest = await source.latest(signal);
  let published = (await among([newest])).at < 0 ? undefined : newest;
  if (!published) {
    const all = await source.list(signal);
    published = all[(await among(all)).at];
  }
  if (!published)
    throw new SourceError('CLAIM_SNAPSHOT_UNKNOWN', 'the claim names a manifest that is not published here');
  const address = `${source.config.address}claims/`;
  const { manifest } = published;
  const report = await calls.ask('shownClaim', { document, manifest, address, ...expectedOf(page) });
  return { document, published, newest, address, report };
}

function expectedOf(page: Page): { readonly expected?: string } {
  const expected = expectedOperator(page);
  return expected === undefined ? {} : { expected };
}
