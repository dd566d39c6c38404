import type { GlobalReport } from '../worker/protocol';
import { usePage } from './page';
import { StateMark } from './state-mark';

/** What came of a whole proof: how much was verified, what is proved, what is not. */
export function Verdict({
  report,
  milliseconds,
  known,
}: {
  readonly report: GlobalReport;
  readonly milliseconds: number;
  /** The operator's key was known from elsewhere. */
  readonly known: boolean;
}) {
  const { t, language, date } = usePage();
  if (report.outcome === 'false')
    return (
      <div className="headline headline-false" data-verdict="false">
        <StateMark state="false" word={false} />
        <div>
          <h2>{t('audit.false')}</h2>
          <p className="break">{t('audit.falseText', { reason: report.reason })}</p>
          <p className="fine muted">{t('steps.code', { code: report.code })}</p>
        </div>
      </div>
    );
  const { snapshot } = report;
  const key = snapshot.operator.slice(2, 10);
  const seconds = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(milliseconds / 1000);
  return (
    <>
      <div className="headline headline-checked" data-verdict="holds">
        <StateMark state="checked" word={false} />
        <div>
          <h2>{t('audit.holds')}</h2>
          <p>{t('audit.holdsText', { n: snapshot.batchCount, seconds })}</p>
          <p className="only-printed">{t('audit.report', { date: date(new Date().toISOString()) })}</p>
        </div>
      </div>
      <div className="two">
        <section>
          <h3>
            <StateMark state="checked" word={false} /> {t('audit.proved')}
          </h3>
          <ul>
            <li>{t('audit.proved.negative')}</li>
            <li>{t('audit.proved.totals')}</li>
            <li>{t('audit.proved.signed', { key })}</li>
          </ul>
        </section>
        <section>
          <h3>
            <StateMark state="open" word={false} /> {t('audit.notProved')}
          </h3>
          <ul>
            <li>{t('audit.not.everyone')}</li>
            {!known && <li>{t('audit.not.key', { key })}</li>}
            <li>{t('audit.not.same')}</li>
            <li>{t('audit.not.reserves')}</li>
            {snapshot.mode === 'margin' && <li>{t('audit.not.prices')}</li>}
          </ul>
        </section>
      </div>
    </>
  );
}
