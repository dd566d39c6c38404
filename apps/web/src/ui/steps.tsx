import type { TextKey } from '../i18n/en';
import type { Fact, Step } from '../check/report';
import { CopyButton, Hex } from './hex';
import { usePage } from './page';
import { StateMark } from './state-mark';

/** What was checked, in order: one sentence each, and the numbers behind it for whoever asks. */
export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = usePage();
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{t('steps.title')}</h2>
      <ol className="steps">
        {steps.map((step) => (
          <li key={step.id} className={`step step-${step.state}`} data-step={step.id} data-state={step.state}>
            <StepLine step={step} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepLine({ step }: { readonly step: Step }) {
  const { t, number, config } = usePage();
  const { id, state, facts, section, of, code } = step;
  const where = t(of === 'reserves' ? 'steps.sectionReserves' : 'steps.section', { n: number(section) });
  return (
    <>
      <div className="step-head">
        <h3>{t(`step.${id}`)}</h3>
        <StateMark state={state} />
      </div>
      <p>{useSentence(step)}</p>
      {code !== undefined && <p className="fine muted">{t('steps.code', { code })}</p>}
      <details className="show">
        <summary>
          {t('steps.show')}
          <span className="only-heard">: {t(`step.${id}`)}</span>
        </summary>
        {facts.length > 0 && (
          <dl className="facts">
            {facts.map((fact, i) => (
              <FactLine key={i} fact={fact} />
            ))}
          </dl>
        )}
        <p className="fine muted">
          {config.specification === undefined || of === 'reserves' ? (
            where
          ) : (
            <a href={config.specification} target="_blank" rel="noreferrer noopener">
              {where}
            </a>
          )}
        </p>
      </details>
    </>
  );
}

function FactLine({ fact: { name, value, kind } }: { readonly fact: Fact }) {
  const { t } = usePage();
  const label = t(`fact.${name}` as TextKey);
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {kind === 'hex' ? (
          <Hex value={value} label={label} />
        ) : kind === 'equation' ? (
          <span className="equation">
            <code>{value}</code> <CopyButton text={value} label={label} />
          </span>
        ) : (
          <span className="break">{value}</span>
        )}
      </dd>
    </>
  );
}

/** A step's sentence with what it mentions; times become dates. */
export function useSentence({ id, state, why, values = {} }: Step): string {
  const { t, date } = usePage();
  const spoken = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === 'other' ? date(value) : name === 'n' ? Number(value) : value,
    ]),
  );
  return t(`step.${id}.${state}.${why}` as TextKey, spoken);
}
