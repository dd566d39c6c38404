import type { Outcome } from '../check/run-check';
import { fragmentOf } from '../check/fragment';
import { usePage } from './page';

/** Nobody with this key is in the snapshot: a slip, too late, or left out. */
export function Missing({
  outcome: { facts, signed, input },
  typed,
}: {
  readonly outcome: Extract<Outcome, { kind: 'missing' }>;
  readonly typed: string;
}) {
  const { t, date, go } = usePage();
  const key = typed.trim();
  return (
    <div className="column" data-missing="true">
      <section className="headline headline-missing" role="status">
        <h1>{t('missing.title', { date: date(facts.takenAt) })}</h1>
      </section>
      <ol className="reasons">
        <li>
          {input === 'key'
            ? t('missing.slip', { start: key.slice(0, 6), end: key.slice(-4) })
            : t('missing.identifier')}
        </li>
        <li>{t('missing.later')}</li>
        <li>
          <strong>{t('missing.else')}</strong> {t(signed ? 'missing.signed' : 'missing.unsigned')}
        </li>
      </ol>
      <div className="buttons">
        <button type="button" className="primary" onClick={() => go({ screen: 'start' })}>
          {t('missing.again')}
        </button>
        <a className="button secondary" href={fragmentOf({ screen: 'mine' })}>
          {t('more.mine')}
        </a>
      </div>
    </div>
  );
}
