import { useId } from 'react';
import { barParts, type AuditReport } from '@solvent-por/reserves';
import { usePage } from '../page';
import { StateMark } from '../state-mark';
import { LEVEL_STATES, verdictKey, verdictState } from './words';

/** Thousandths to percent, as the language writes it. */
function percent(thousandths: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(
    thousandths / 1000,
  );
}

/** Asset by asset one bar: proved is filled, checked striped, claimed hollow; a line where what is owed ends. */
export function Bars({ report }: { readonly report: AuditReport }) {
  const { t, language } = usePage();
  const id = useId().replace(/[^\w-]/g, '');
  return (
    <figure className="bars">
      <figcaption className="only-heard">{t('reserves.bars')}</figcaption>
      <ul>
        {report.assets.map((asset) => {
          const parts = barParts(asset);
          const { proved, checked, claimed, owed } = parts;
          const said = (['proved', 'checked', 'claimed'] as const)
            .map((level) => `${t(`reserves.level.${level}`)} ${percent(parts[level], language)}`)
            .concat(owed === null ? [] : [`${t('audit.equity')} ${percent(owed, language)}`])
            .join(', ');
          return (
            <li key={asset.symbol} data-bar={asset.symbol}>
              <div className="bar-head">
                <strong>{asset.symbol}</strong>
                <span className={`verdict-word state-${verdictState(asset, report.liabilities)}`}>
                  <StateMark state={verdictState(asset, report.liabilities)} word={false} />{' '}
                  {t(verdictKey(asset))}
                  {asset.with !== undefined && ` · ${t('reserves.with', { asset: asset.with })}`}
                </span>
              </div>
              <svg
                viewBox="0 0 1000 24"
                preserveAspectRatio="none"
                role="img"
                aria-label={`${asset.symbol}: ${said}`}
              >
                <defs>
                  <pattern id={`${id}s`} width="12" height="12" patternUnits="userSpaceOnUse">
                    <rect width="12" height="12" className="bar-checked-ground" />
                    <rect width="6" height="12" className="bar-checked-stripe" />
                  </pattern>
                </defs>
                <rect x="0" y="4" width={proved} height="16" className="bar-proved" />
                <rect x={proved} y="4" width={checked} height="16" fill={`url(#${id}s)`} />
                <rect x={proved + checked} y="4" width={claimed} height="16" className="bar-claimed" />
                {owed !== null && (
                  <rect x={Math.min(owed, 996)} y="0" width="4" height="24" className="bar-owed" />
                )}
              </svg>
            </li>
          );
        })}
      </ul>
      <ul className="legend">
        {(['proved', 'checked', 'claimed'] as const).map((level) => (
          <li key={level}>
            <StateMark state={LEVEL_STATES[level]} word="none" />
            <span className={`swatch swatch-${level}`} aria-hidden="true" />
            <span>
              <strong>{t(`reserves.level.${level}`)}</strong>: {t(`reserves.level.${level}.text`)}
            </span>
          </li>
        ))}
        <li>
          <span className="swatch swatch-owed" aria-hidden="true" />
          <span>{t('reserves.owedEnds')}</span>
        </li>
      </ul>
    </figure>
  );
}
