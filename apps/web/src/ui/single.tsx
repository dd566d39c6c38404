import { useEffect, useId, useMemo, useRef, useState, type FormEvent } from 'react';
import { joined, readDropped, type Dropped } from '../check/dropped';
import type { PageConfig } from '../check/page-config';
import type { Step } from '../check/report';
import { checkDropped, type CheckTools, type Outcome } from '../check/run-check';
import type { Texts } from '../i18n/en';
import { LANGUAGES, textsOf, type Language } from '../i18n/languages';
import { Failure } from './failure';
import { ChooseFiles, useDrop } from './files';
import { stepOf } from './more';
import { PageProvider, wordsOf, type Page } from './page';
import { GlobalProgressBar } from './progress';
import { Result } from './result';
import { useGlobal } from './use-global';
import { Verdict } from './verdict';
import { Waiting } from './waiting';

export interface SingleProps {
  readonly tools: Omit<CheckTools, 'config'> & Pick<Page, 'calls' | 'worker' | 'found'>;
  readonly first: { readonly language: Language; readonly texts: Texts };
}

/** Longest manifest (specification, section 11). */
const LONGEST_MANIFEST_BYTES = 262_144;

/** The whole verifier in one file: what is dropped into it is verified, and nothing leaves it. */
export function Single({ tools, first }: SingleProps) {
  const [words, setWords] = useState(first);
  const [operator, setOperator] = useState('');
  const config = useMemo<PageConfig>(() => {
    const digits = operator.trim().toLowerCase().replace(/^0x/, '');
    return {
      source: tools.source.config,
      identifiers: true,
      ...(/^[0-9a-f]{64}$/.test(digits) && { operator: `0x${digits}` }),
    };
  }, [operator, tools]);
  const page = useMemo<Page>(
    () => ({ ...tools, config, go: () => undefined, ...wordsOf(words.language, words.texts, undefined) }),
    [tools, config, words],
  );
  useEffect(() => {
    document.documentElement.lang = words.language;
  }, [words]);
  const choose = (language: Language) =>
    void textsOf(language).then((texts) => setWords({ language, texts }));
  return (
    <PageProvider page={page}>
      <main className="single">
        <Verifier page={page} operator={operator} onOperator={setOperator} />
      </main>
      <footer className="page-footer">
        <label>
          <span className="only-heard">{page.t('language.label')}</span>
          <select
            value={words.language}
            onChange={({ currentTarget: { value } }) => choose(value as Language)}
          >
            {Object.entries(LANGUAGES).map(([code, own]) => (
              <option key={code} value={code}>
                {own}
              </option>
            ))}
          </select>
        </label>
      </footer>
    </PageProvider>
  );
}

function Verifier({
  page,
  operator,
  onOperator,
}: {
  readonly page: Page;
  readonly operator: string;
  readonly onOperator: (text: string) => void;
}) {
  const { t, config } = page;
  const [dropped, setDropped] = useState<Dropped>();
  const [key, setKey] = useState('');
  const [outcome, setOutcome] = useState<Outcome | 'waiting'>();
  const turn = useRef(0);
  const { run, start, cancel } = useGlobal(undefined);
  const id = useId();

  const verify = async (files: Dropped) => {
    setDropped(files);
    if (files.global) start({ file: files.global });
    const own = ++turn.current;
    const none = files.global && !files.proof;
    setOutcome(none ? undefined : 'waiting');
    if (none) return;
    const head = files.global ? [await firstLine(files.global)] : [];
    const typed = key.trim() === '' ? undefined : key;
    const next = await checkDropped(page, files, head, typed, () => undefined);
    if (turn.current === own) setOutcome(next);
  };
  /** What was said for another key, or another operator's, does not stay beside the new one. */
  const typing = (then: () => void) => {
    turn.current++;
    setOutcome(undefined);
    then();
  };
  const onFiles = (files: readonly File[]) =>
    void readDropped(files).then((next) => verify(joined(dropped, next)));
  useDrop(onFiles);
  const again = (event: FormEvent) => {
    event.preventDefault();
    if (dropped) void verify(dropped);
  };

  const reported = outcome !== 'waiting' && outcome?.kind === 'report' ? outcome : undefined;
  const base = reported?.report.steps.find((step) => step.id === 'everybody');
  const everybody = wholeProof(base, run.state === 'done' ? run.report : undefined);
  return (
    <>
      <div className="column">
        <h1>{t('single.title')}</h1>
        <p className="lead">{t('single.lead')}</p>
        <p className="fine muted">{t('single.noReserves')}</p>
        <form className="key-form" onSubmit={again}>
          <label htmlFor={`${id}k`}>{t('single.key')}</label>
          <input
            id={`${id}k`}
            className="key-field"
            value={key}
            autoComplete="off"
            spellCheck={false}
            onInput={({ currentTarget: { value } }) => typing(() => setKey(value))}
          />
          <label htmlFor={`${id}o`}>{t('single.operator')}</label>
          <input
            id={`${id}o`}
            className="key-field"
            value={operator}
            autoComplete="off"
            spellCheck={false}
            onInput={({ currentTarget: { value } }) => typing(() => onOperator(value))}
          />
          <div className="buttons">
            <ChooseFiles className={dropped ? 'secondary' : 'primary'} onFiles={onFiles}>
              {t('single.choose')}
            </ChooseFiles>
            {dropped && (
              <button type="submit" className="primary">
                {t('single.verify')}
              </button>
            )}
          </div>
        </form>
        {run.state === 'running' && <GlobalProgressBar run={run} onCancel={cancel} />}
        {run.state === 'failed' && <Failure problem={run.problem} />}
        {run.state === 'done' && (
          <div className="audit">
            <Verdict
              report={run.report}
              milliseconds={run.milliseconds}
              known={run.report.outcome === 'holds' && config.operator === run.report.snapshot.operator}
            />
          </div>
        )}
        {outcome === 'waiting' && <Waiting text={t('wait.verify')} />}
        {outcome && outcome !== 'waiting' && outcome.kind === 'problem' && (
          <Failure problem={outcome.problem} />
        )}
      </div>
      {reported && (
        <Result outcome={reported} everybody={everybody && sameSnapshot(everybody, reported, run)} />
      )}
    </>
  );
}

type Run = ReturnType<typeof useGlobal>['run'];

function wholeProof(
  base: Step | undefined,
  report: Extract<Run, { state: 'done' }>['report'] | undefined,
): Step | undefined {
  return base && report && stepOf(base, report);
}

/** A whole proof of another snapshot says nothing about this one. */
function sameSnapshot(
  step: Step,
  { report }: Extract<Outcome, { kind: 'report' }>,
  run: Run,
): Step | undefined {
  const other = run.state === 'done' ? run.report.snapshot?.digest : undefined;
  return other === report.snapshot.digest ? step : undefined;
}

async function firstLine(file: Blob): Promise<string> {
  const text = await file.slice(0, LONGEST_MANIFEST_BYTES + 1).text();
  return text.slice(0, Math.max(0, text.indexOf('\n')));
}
