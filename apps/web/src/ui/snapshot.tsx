import { lazy, Suspense, useState } from 'react';
import { readDropped } from '../check/dropped';
import { totalsCsv, totalsJson } from '../check/totals-files';
import { expectedOperator } from '../check/run-check';
import type { SnapshotReport } from '../check/report';
import type { Published } from '../check/source';
import { Amount } from './amount';
import { download } from './download';
import { Failure } from './failure';
import { ChooseFiles } from './files';
import { Hex } from './hex';
import { LoadedView } from './loaded-view';
import { usePage } from './page';
import { GlobalProgressBar } from './progress';
import { StateMark } from './state-mark';
import { TotalsFigure } from './totals-chart';
import { Verdict } from './verdict';
import { useGlobal } from './use-global';
import { Waiting } from './waiting';
import { useLoaded } from './use-loaded';

/** What it takes to judge reserves is loaded when somebody looks at a snapshot. */
const ReservesSection = lazy(() => import('./reserves/reserves-section'));

/** One snapshot, for whoever checks all of it. */
export function Snapshot({ id }: { readonly id: string }) {
  const page = usePage();
  const { t, source, calls } = page;
  const [loaded, again] = useLoaded(
    async (signal) => {
      const published = await source.named(id, signal);
      const operator = expectedOperator(page);
      const { links } = await calls.ask('chain', {
        manifests: [published.manifest],
        ...(operator !== undefined && { expected: operator }),
      });
      const [link] = links;
      if (!link?.report) throw Object.assign(new Error('it is no manifest'), { code: 'MANIFEST_MALFORMED' });
      return { published, report: link.report, refused: link.state === 'false' ? link.why : undefined };
    },
    [source, id],
  );
  return (
    <div className="column wide-column">
      <LoadedView loaded={loaded} again={again} waiting={t('wait.manifest')} lines={6} title>
        {(value) => <One {...value} />}
      </LoadedView>
    </div>
  );
}

function One({
  published,
  report,
  refused,
}: {
  readonly published: Published;
  readonly report: SnapshotReport;
  /** The code with which its signature was refused. */
  readonly refused: string | undefined;
}) {
  const page = usePage();
  const { t, date, source, config } = page;
  const { run, start, cancel } = useGlobal(published.manifest);
  const [wrong, setWrong] = useState<string>();
  const chosen = async (files: readonly File[]) => {
    const { global } = await readDropped(files);
    setWrong(global ? undefined : files.map(({ name }) => name).join(', '));
    if (global) start({ file: global });
  };
  return (
    <article className="audit">
      <h1>{t('audit.taken', { date: date(report.takenAt) })}</h1>
      <dl className="facts facts-plain">
        <dt>{t('fact.snapshot')}</dt>
        <dd className="break">{published.id}</dd>
        <dt>{t('fact.operator')}</dt>
        <dd>
          <Hex value={report.operator} label={t('fact.operator')} />
        </dd>
        <dt>{t('fact.digest')}</dt>
        <dd>
          <Hex value={report.digest} label={t('fact.digest')} />
        </dd>
      </dl>
      {refused !== undefined && (
        <p className="wrong" role="alert">
          <StateMark state="false" /> {t('audit.link.false', { code: refused })}
        </p>
      )}
      <section className="verify" aria-live="polite">
        {run.state === 'running' && <GlobalProgressBar run={run} onCancel={cancel} />}
        {run.state === 'done' && (
          <Verdict
            report={run.report}
            milliseconds={run.milliseconds}
            known={config.operator === report.operator}
          />
        )}
        {run.state === 'failed' && <Failure problem={run.problem} />}
        {run.state === 'cancelled' && <p>{t('audit.cancelled')}</p>}
        {wrong !== undefined && <p className="wrong">{t('error.text.file', { files: wrong })}</p>}
        {run.state !== 'running' && (
          <div className="no-print">
            {run.state === 'idle' && <p>{t('audit.verifyText', { n: report.batchCount })}</p>}
            <div className="buttons">
              <button
                type="button"
                className={run.state === 'done' ? 'secondary' : 'primary'}
                onClick={() => start({ address: source.config.address, snapshot: published.id })}
              >
                {t('audit.verify')}
              </button>
              <ChooseFiles className="secondary" onFiles={(files) => void chosen(files)}>
                {t('audit.verifyFile')}
              </ChooseFiles>
            </div>
          </div>
        )}
      </section>
      <Totals report={report} />
      {refused === undefined && (
        <Suspense fallback={<Waiting text={t('wait.manifest')} />}>
          <ReservesSection id={published.id} manifest={published.manifest} digest={report.digest} />
        </Suspense>
      )}
      <Downloads published={published} report={report} />
    </article>
  );
}

function Totals({ report }: { readonly report: SnapshotReport }) {
  const { t } = usePage();
  const symbols = [...new Set(report.totals.map(({ symbol }) => symbol))];
  const amount = (symbol: string, side: 'equity' | 'debt') =>
    report.totals.find((row) => row.symbol === symbol && row.side === side)?.amount;
  const hasDebt = report.totals.some(({ side }) => side === 'debt');
  return (
    <section aria-labelledby="totals">
      <h2 id="totals">{t('audit.totals')}</h2>
      <TotalsFigure report={report} />
      <div className="scroll">
        <table className="list money">
          <thead>
            <tr>
              <th scope="col">{t('balance.asset')}</th>
              <th scope="col" className="right">
                {t('audit.equity')}
              </th>
              {hasDebt && (
                <th scope="col" className="right">
                  {t('audit.debt')}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {symbols.map((symbol) => {
              const [equity, debt] = [amount(symbol, 'equity'), amount(symbol, 'debt')];
              return (
                <tr key={symbol}>
                  <th scope="row">{symbol}</th>
                  <td className="right">{equity !== undefined && <Amount value={equity} />}</td>
                  {hasDebt && <td className="right">{debt !== undefined && <Amount value={debt} />}</td>}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Downloads({
  published,
  report,
}: {
  readonly published: Published;
  readonly report: SnapshotReport;
}) {
  const { t, source } = usePage();
  const { id } = published;
  return (
    <section className="no-print" aria-labelledby="downloads">
      <h2 id="downloads">{t('audit.download')}</h2>
      <div className="buttons">
        <button
          type="button"
          className="secondary"
          onClick={() => download('manifest.json', published.manifest, 'application/json')}
        >
          {t('audit.manifest')}
        </button>
        <a className="button secondary" href={`${source.address(id)}global-proof.ndjson`} download>
          {t('audit.global')}
        </a>
        <button
          type="button"
          className="secondary"
          onClick={() => download(`${id}-totals.csv`, totalsCsv(report), 'text/csv')}
        >
          {t('audit.csv')}
        </button>
        <button
          type="button"
          className="secondary"
          onClick={() => download(`${id}-totals.json`, totalsJson(report), 'application/json')}
        >
          {t('audit.json')}
        </button>
        <button type="button" className="secondary" onClick={() => window.print()}>
          {t('audit.print')}
        </button>
      </div>
    </section>
  );
}
