import { useEffect, useState } from 'react';
import { fragmentOf } from '../check/fragment';
import { isJudged } from '../check/covered-step';
import { isOwn } from '../check/everybody';
import { problemOf } from '../check/problem';
import type { Outcome } from '../check/run-check';
import type { Step } from '../check/report';
import { cliCommands } from '../check/cli-commands';
import { CopyButton } from './hex';
import { download } from './download';
import { usePage } from './page';
import type { GlobalReport } from '../worker/protocol';
import { GlobalProgressBar } from './progress';
import { CoverMore } from './reserves/cover-more';
import { useGlobal } from './use-global';
import { useServerCheck } from './use-server-check';

type Reported = Extract<Outcome, { kind: 'report' }>;

/** What more can be done: verify the rest, take the proof home, check without this page. */
export function More({
  outcome,
  typed,
  everybody,
  covered,
  onEverybody,
}: {
  readonly outcome: Reported;
  readonly typed: boolean;
  readonly everybody: Step | undefined;
  readonly covered: Step | undefined;
  readonly onEverybody: (step: Step) => void;
}) {
  const { t, source } = usePage();
  const { report, documents, host, from } = outcome;
  const { snapshot } = report.snapshot;
  const base = report.steps.find(({ id }) => id === 'everybody')!;
  const manifest = new TextDecoder().decode(documents.manifest);
  const { run, start, cancel } = useGlobal(manifest);
  const server = useServerCheck(snapshot);
  useEffect(() => {
    const step = run.state === 'done' ? stepOf(base, run.report) : undefined;
    if (step) onEverybody(step);
    if (run.state === 'failed')
      onEverybody({
        ...base,
        ...(run.problem.kind === 'rubbish' || run.problem.kind === 'proof'
          ? { state: 'unreadable', why: 'file' }
          : { state: 'open', why: 'notHere' }),
        code: run.problem.code,
        values: { reason: run.problem.message },
      });
  }, [run]);
  useEffect(() => {
    if (server.state !== 'done') return;
    const { valid, batchCount, reason } = server.verification;
    onEverybody({
      ...base,
      ...(valid
        ? { state: 'server', why: 'said', values: { n: String(batchCount) } }
        : { state: 'false', why: 'server', values: { reason: reason ?? '' } }),
    });
  }, [server.state]);
  // The server's word that it does not hold is no more of a check than its word that it does.
  const done = isOwn(everybody);
  return (
    <section className="more" aria-labelledby="more">
      <h2 id="more">{t('more.title')}</h2>
      {run.state === 'running' ? (
        <GlobalProgressBar run={run} onCancel={cancel} />
      ) : (
        !done && (
          <div className="buttons">
            <button
              type="button"
              className="primary"
              onClick={() => start({ address: source.config.address, snapshot })}
            >
              {t('more.everything')}
            </button>
            {source.config.kind === 'gateway' &&
              everybody?.state !== 'server' &&
              everybody?.why !== 'server' && (
                <button
                  type="button"
                  className="secondary"
                  disabled={server.state === 'running'}
                  onClick={server.start}
                >
                  {t('more.server')}
                </button>
              )}
          </div>
        )
      )}
      {covered && !isJudged(covered) && <CoverMore outcome={outcome} />}
      <div aria-live="polite">
        {run.state === 'cancelled' && <p className="fine muted">{t('audit.cancelled')}</p>}
        {server.state === 'running' && (
          <p className="fine muted" aria-live="off">
            {t('more.serverRuns', { done: server.done, n: server.of })}
          </p>
        )}
        {server.state === 'failed' && (
          <p className="wrong">{t(`error.title.${problemOf(server.error).kind}`)}</p>
        )}
      </div>
      <div className="buttons">
        {typed && report.keyKnown && report.snapshot.claims && (
          <a className="button secondary" href={fragmentOf({ screen: 'claim', snapshot })}>
            {t('claim.make')}
          </a>
        )}
        <button
          type="button"
          className="secondary"
          onClick={() => download(`${snapshot}-my-proof.json`, documents.proof, 'application/json')}
        >
          {t('more.proof')}
        </button>
        <button
          type="button"
          className="secondary"
          onClick={() => download('manifest.json', documents.manifest, 'application/json')}
        >
          {t('more.manifest')}
        </button>
        {typed && (
          <a className="button secondary" href={fragmentOf({ screen: 'mine' })}>
            {t('more.mine')}
          </a>
        )}
      </div>
      <Without snapshot={snapshot} operator={report.snapshot.operator} />
      <p className="fine muted">
        {host && host.shards > 0
          ? t('more.host', { n: host.sharing, shards: host.shards })
          : t(from === 'file' ? 'more.fileSource' : 'more.gatewaySource')}
      </p>
    </section>
  );
}

/** The command line, and the verifier in one file. */
function Without({ snapshot, operator }: { readonly snapshot: string; readonly operator: string }) {
  const { t, config } = usePage();
  const [commands] = useState(() => cliCommands(snapshot, config.operator ?? operator));
  return (
    <details className="show">
      <summary>{t('more.cli')}</summary>
      <p>{t('more.cliText')}</p>
      <pre className="commands" tabIndex={0}>
        {commands}
      </pre>
      <CopyButton text={commands} label={t('more.cli')} />
      <p>
        {t('more.single')}{' '}
        <a href="./solvent-verify.html" download>
          {t('more.singleLink')}
        </a>
      </p>
    </details>
  );
}

/** What a whole proof's verdict makes of the step that it is about. */
export function stepOf(base: Step, report: GlobalReport): Step {
  return report.outcome === 'holds'
    ? wholeHeld(base, report.snapshot.batchCount)
    : { ...base, state: 'false', why: 'refused', code: report.code, values: { reason: report.reason } };
}

/** The same step once the whole proof has held in this browser. */
export function wholeHeld(base: Step, batches: number): Step {
  return { ...base, state: 'checked', why: 'here', values: { n: String(batches) } };
}
