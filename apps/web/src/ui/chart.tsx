import { useId } from 'react';
import { writeAmount } from '../i18n/format';
import { usePage } from './page';

/** One date's amount; undefined where there is none. */
export interface ChartPoint {
  readonly takenAt: string;
  readonly amount: string | undefined;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 200, 4, 26];

/**
 * Bars by date, oldest first. The same figures stand in the table beside it; each bar says its own when it is
 * reached by keyboard.
 */
export function DateChart({
  asset,
  points,
}: {
  readonly asset: string;
  readonly points: readonly ChartPoint[];
}) {
  const { t, shortDate, language } = usePage();
  const id = useId();
  if (points.length < 2) return null;
  const values = points.map(({ amount }) => Number(amount ?? 0));
  const most = Math.max(...values) || 1;
  const step = (WIDTH - LEFT) / points.length;
  const width = Math.min(56, step * 0.66);
  const plot = HEIGHT - BOTTOM - 14;
  const said = ({ takenAt, amount }: ChartPoint) => {
    const { whole, fraction } = writeAmount(amount ?? '0', language);
    return t('chart.point', {
      date: shortDate(takenAt),
      amount: amount === undefined ? '–' : whole + fraction,
    });
  };
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 });
  const [first, last] = [points[0]!, points.at(-1)!];
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>{t('chart.label', { asset })}</figcaption>
      <p className="chart-most fine muted numbers" aria-hidden="true">
        {compact.format(most)} {asset}
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="list" aria-labelledby={id} preserveAspectRatio="none">
        <line
          x1={LEFT}
          x2={WIDTH}
          y1={HEIGHT - BOTTOM - plot}
          y2={HEIGHT - BOTTOM - plot}
          className="chart-line"
        />
        <line x1={LEFT} x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} className="chart-axis" />
        {points.map((point, i) => {
          const height = Math.max(2, (values[i]! / most) * plot);
          return (
            <rect
              key={point.takenAt}
              role="listitem"
              tabIndex={0}
              aria-label={said(point)}
              x={LEFT + step * (i + 0.5) - width / 2}
              y={HEIGHT - BOTTOM - height}
              width={width}
              height={height}
              rx="3"
              className={point.amount === undefined ? 'chart-none' : 'chart-bar'}
            >
              <title>{said(point)}</title>
            </rect>
          );
        })}
      </svg>
      <div className="chart-ends fine muted" aria-hidden="true">
        <span>{shortDate(first.takenAt)}</span>
        <span>{shortDate(last.takenAt)}</span>
      </div>
    </figure>
  );
}
