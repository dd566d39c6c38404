import { useEffect, useRef, type ReactNode } from 'react';
import { decimal } from '../../check/decimal';
import type { Published } from '../../check/source';
import { answerOf } from '../../check/shown-answer';
import { writeAmount } from '../../i18n/format';
import type { ShownReport } from '../../worker/shown-protocol';
import { Hex } from '../hex';
import { usePage } from '../page';
import { StateMark } from '../state-mark';
import { useShownWords } from './shown-words';

/** What a claim that was shown is worth: the answer, what it rests on, what only the partner can look at. */
export function ShownAnswer({
  report,
  newest,
  children,
}: {
  readonly report: ShownReport;
  readonly newest: Published;
  /** What makes it an answer to the partner. */
  readonly children?: ReactNode;
}) {
  const { t, language, date } = usePage();
  const say = useShownWords();
  const { refused, asked, setUp, side, symbol, pool, scale, threshold, snapshot, takenAt } = report;
  const [state, text] = answerOf(report);
  const { whole, fraction } = writeAmount(decimal(BigInt(threshold), scale), language);
  const asset = pool === undefined ? symbol : `${symbol} ${t('balance.pool', { pool })}`;
  const answer = useRef<HTMLElement>(null);
  // Whoever has compared is taken to what came of it.
  useEffect(() => {
    if (asked) answer.current?.focus();
  }, [report]);
  return (
    <div className="claim-made" data-shown={state} data-code={refused?.code}>
      {setUp?.development && (
        <section className="claim-development" role="alert">
          <h2>{t('claim.development')}</h2>
          <p>{say('shown.developmentText')}</p>
        </section>
      )}
      <section ref={answer} tabIndex={-1} className={`headline headline-${state} shown-answer`} role="status">
        <StateMark state={state} word={false} />
        <div>
          <h2>
            {refused
              ? say(asked ? 'shown.notYours' : 'shown.false')
              : say(side === 'debt' ? 'shown.owes' : 'shown.holds', { amount: whole + fraction, asset })}
          </h2>
          {!refused && <p>{say('shown.snapshot', { snapshot, date: date(takenAt) })}</p>}
          <p className="break">{say(text, { reason: refused?.reason ?? '' })}</p>
          {refused && <p className="fine muted">{say('shown.false.code', { code: refused.code })}</p>}
        </div>
      </section>
      {children}
      {!refused && (
        <>
          {newest.id !== snapshot && (
            <p className="note">{say('shown.older', { date: date(newest.facts.takenAt) })}</p>
          )}
          <Looked report={report} />
          <section className="claim-part not-shown" aria-labelledby="shown-says">
            <h2 id="shown-says">{say('shown.says')}</h2>
            <ul>
              <li>{say('shown.says.whose')}</li>
              <li>{say('shown.says.still')}</li>
              {report.hasDebts && side !== 'debt' && <li>{say('shown.says.debts')}</li>}
            </ul>
          </section>
        </>
      )}
      <Records report={report} />
    </div>
  );
}

/** What this browser computed, and what it cannot. */
function Looked({ report: { asked, setUp, keyKnown, operator } }: { readonly report: ShownReport }) {
  const say = useShownWords();
  const key = operator.slice(2, 10);
  return (
    <div className="two">
      <section className="claim-part">
        <h3>
          <StateMark state="checked" word={false} /> {say('shown.checked')}
        </h3>
        <ul>
          {asked && (
            <li className="break">
              {say('shown.checked.mine', { partner: asked.partner, purpose: asked.purpose })}
            </li>
          )}
          <li>{say('shown.checked.proof')}</li>
          {keyKnown && <li>{say('shown.checked.signed', { key })}</li>}
        </ul>
      </section>
      <section className="claim-part">
        <h3>
          <StateMark state="open" word={false} /> {say('shown.not')}
        </h3>
        <ul>
          {!asked && <li>{say('shown.not.mine')}</li>}
          <li>{say('shown.not.asked')}</li>
          <li>{say('shown.not.taken')}</li>
          <li>{say('shown.not.again')}</li>
          {!keyKnown && <li>{say('shown.not.signed', { key })}</li>}
          <li>{say('shown.not.tree')}</li>
          {setUp?.development === false && <li>{say('shown.not.setUp', { n: setUp.contributions })}</li>}
        </ul>
      </section>
    </div>
  );
}

/** What a partner keeps, and what the claim consists of. */
function Records({ report }: { readonly report: ShownReport }) {
  const { t } = usePage();
  const say = useShownWords();
  const facts = [
    [t('claim.nullifier'), report.nullifier],
    [say('shown.root'), report.claimRoot],
    [say('shown.scope'), report.scope],
    [say('shown.given'), report.challenge],
    [t('claim.key'), report.key],
    [say('shown.manifest'), report.manifest],
  ] as const;
  return (
    <details className="show">
      <summary>{say('shown.details')}</summary>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} className="fact-pair">
            <dt>{name}</dt>
            <dd>
              <Hex value={value} label={name} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
