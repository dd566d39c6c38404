import type { ReactNode } from 'react';
import type { Outcome } from '../check/run-check';
import { headlineOf } from '../check/headline';
import type { Step } from '../check/report';
import { weakest } from '../check/states';
import { Balances } from './balances';
import { usePage } from './page';
import { Picture } from './picture';
import { StateMark } from './state-mark';
import { Steps } from './steps';

type Reported = Extract<Outcome, { kind: 'report' }>;

/** The answer, then what was checked, then what was not, then what more can be done. */
export function Result({
  outcome,
  everybody,
  covered,
  children,
}: {
  readonly outcome: Reported;
  /** What came of the whole proof, where it was verified. */
  readonly everybody: Step | undefined;
  /** Where reserves are published: how far they were shown to cover it. */
  readonly covered?: Step | undefined;
  /** What more can be done. */
  readonly children?: ReactNode;
}) {
  const { report } = outcome;
  const asked = report.steps.map((step) => (step.id === 'everybody' && everybody ? everybody : step));
  const steps = covered ? [...asked, covered] : asked;
  // What does not cover it is no flaw of the proof that it is counted.
  const broken = weakest(asked.map((step) => step.state)) === 'false';
  return (
    <div className="column result">
      {broken && <Headline steps={steps} keyKnown={report.keyKnown} level="h1" />}
      <Balances outcome={outcome} level={broken ? 'h2' : 'h1'} />
      {!broken && <Headline steps={steps} keyKnown={report.keyKnown} level="h2" />}
      <Steps steps={steps} />
      <Picture place={report.place} holds={!broken} />
      <NotShown digest={report.snapshot.digest} />
      {children}
    </div>
  );
}

/** The weakest of its parts, in words. */
function Headline({
  steps,
  keyKnown,
  level: Heading,
}: {
  readonly steps: readonly Step[];
  readonly keyKnown: boolean;
  readonly level: 'h1' | 'h2';
}) {
  const { t } = usePage();
  const { state, title, rest, open } = headlineOf(steps, keyKnown);
  return (
    <section className={`headline headline-${state}`} role="status" data-headline={state}>
      <StateMark state={state} word={false} />
      <div>
        <Heading>{t(title)}</Heading>
        {rest && <p>{t(rest)}</p>}
        {open > 0 && <p>{t('headline.openRest', { n: open })}</p>}
      </div>
    </section>
  );
}

/** Always here, never behind a link. */
function NotShown({ digest }: { readonly digest: string }) {
  const { t } = usePage();
  return (
    <section className="not-shown" aria-labelledby="not-shown">
      <h2 id="not-shown">{t('not.title')}</h2>
      <ul>
        <li>{t('not.others')}</li>
        <li>{t('not.coins')}</li>
        <li>{t('not.else')}</li>
        <li>{t('not.same', { digest: digest.slice(2, 18) })}</li>
      </ul>
    </section>
  );
}
