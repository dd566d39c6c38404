import { useId } from 'react';
import type { SnapshotReport } from '../check/report';
import { totalsChart, type TotalsBar } from '../check/totals-chart';
import { writeAmount } from '../i18n/format';
import { usePage } from './page';

/** Totals as bars along one labelled axis. Each says its figure when it is reached by keyboard; the table has all. */
export function TotalsFigure({ report }: { readonly report: SnapshotReport }) {
  const { t, language } = usePage();
  const id = useId();
  const { axis, ticks, bars, left } = totalsChart(report.totals);
  if (bars.length === 0) return null;
  const hasDebt = bars.some(({ side }) => side === 'debt');
  const short = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 });
  const figure = (amount: string) => {
    const { whole, fraction } = writeAmount(amount, language);
    return whole + fraction;
  };
  const said = ({ symbol, side, amount, worth }: TotalsBar) =>
    t(worth === undefined || symbol === report.unit ? 'totals.bar' : 'totals.barWorth', {
      ...{ asset: symbol, side: t(side === 'debt' ? 'audit.debt' : 'audit.equity'), amount: figure(amount) },
      ...{ worth: figure(worth ?? '0'), unit: report.unit ?? '' },
    });
  return (
    <figure className="totals-chart" aria-labelledby={id} data-axis={axis}>
      <figcaption id={id}>
        {axis === 'worth' ? t('totals.worth', { unit: report.unit ?? '' }) : t('totals.powers')}
      </figcaption>
      <ul className="bars">
        {bars.map((bar, i) => (
          <li key={`${bar.symbol} ${bar.side}`} tabIndex={0} aria-label={said(bar)} title={said(bar)}>
            <span aria-hidden="true" className="bar-name">
              {bars[i - 1]?.symbol === bar.symbol ? '' : bar.symbol}
            </span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              {bar.length > 0 && (
                <rect
                  width={Math.max(0.4, bar.length * 100)}
                  height="10"
                  className={bar.side === 'debt' ? 'bar-debt' : 'chart-bar'}
                />
              )}
            </svg>
          </li>
        ))}
      </ul>
      <div className="bar-axis fine muted" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick}>{short.format(tick)}</span>
        ))}
      </div>
      {(hasDebt || left > 0) && (
        <p className="fine muted">
          {hasDebt && (
            <span aria-hidden="true">
              <span className="key key-equity" /> {t('audit.equity')} <span className="key key-debt" />{' '}
              {t('audit.debt')}{' '}
            </span>
          )}
          {left > 0 && t('totals.left', { n: left })}
        </p>
      )}
    </figure>
  );
}
