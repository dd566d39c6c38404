import { useState } from 'react';
import { decimal } from '../../check/decimal';
import type { Published } from '../../check/source';
import { writeAmount } from '../../i18n/format';
import type { ClaimableValue, ClaimMade, ClaimWanted } from '../../worker/claims-protocol';
import { download } from '../download';
import { CopyButton, Hex } from '../hex';
import { usePage } from '../page';
import { StateMark } from '../state-mark';

/** A claim that was verified here: what it is, what to do with it, what it shows and what not. */
export function ClaimMadeView({
  made,
  wanted,
  value,
  published: { id: snapshot, facts },
  hasDebts,
  onAnother,
}: {
  readonly made: ClaimMade;
  readonly wanted: ClaimWanted;
  readonly value: ClaimableValue;
  readonly published: Published;
  /** Whether accounts of this snapshot can have debts. */
  readonly hasDebts: boolean;
  readonly onAnother: () => void;
}) {
  const { t, language, date } = usePage();
  const { whole, fraction } = writeAmount(decimal(BigInt(wanted.threshold), value.scale), language);
  const asset =
    value.pool === undefined ? value.symbol : `${value.symbol} ${t('balance.pool', { pool: value.pool })}`;
  const what = { amount: whole + fraction, asset };
  const text = new TextDecoder().decode(made.document);
  const link = linkTo(made.fragment);
  const seconds = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(
    made.milliseconds / 1000,
  );
  // What anybody could have proved is no more than open.
  const state = made.development ? 'open' : 'checked';
  return (
    <div className="claim-made" data-milliseconds={Math.round(made.milliseconds)}>
      {made.development && (
        <section className="claim-development" role="alert">
          <h2>{t('claim.development')}</h2>
          <p>{t('claim.developmentText')}</p>
        </section>
      )}
      <section className={`headline headline-${state}`} role="status">
        <StateMark state={state} word={false} />
        <div>
          <h2>{t('claim.made', what)}</h2>
          <p className="break">
            {t(made.byServer ? 'claim.serverMade' : 'claim.madeFor', {
              partner: wanted.partner,
              purpose: wanted.purpose,
              seconds,
            })}
          </p>
        </div>
      </section>
      <section className="claim-part" aria-labelledby="claim-give">
        <h2 id="claim-give">{t('claim.give')}</h2>
        <div className="buttons">
          <button
            type="button"
            className="primary"
            onClick={() => download(`${snapshot}-claim.json`, made.document, 'application/json')}
          >
            {t('claim.download')}
          </button>
          <CopyLink link={link} />
          <button type="button" className="secondary" onClick={onAnother}>
            {t('claim.another')}
          </button>
        </div>
        <p>{t('claim.linkText')}</p>
        <details className="show">
          <summary>{t('claim.linkShow')}</summary>
          <pre className="claim-text" tabIndex={0}>
            {link}
          </pre>
        </details>
        <details className="show">
          <summary>{t('claim.copy')}</summary>
          <pre className="claim-text" tabIndex={0}>
            {text}
          </pre>
          <CopyButton text={text} label={t('claim.copy')} />
        </details>
      </section>
      <section className="claim-part not-shown" aria-labelledby="claim-shows">
        <h2 id="claim-shows">{t('claim.shows')}</h2>
        <ul>
          <li>{t('claim.shows.holds', { ...what, date: date(facts.takenAt) })}</li>
          <li>{t('claim.shows.answer')}</li>
          <li>{t('claim.shows.same')}</li>
        </ul>
        <h2>{t('claim.hides')}</h2>
        <ul>
          {(['who', 'tree', 'still'] as const).map((one) => (
            <li key={one}>{t(`claim.hides.${one}`)}</li>
          ))}
          {hasDebts && value.side !== 'debt' && <li>{t('claim.hides.debts')}</li>}
        </ul>
        <p>{t('claim.links')}</p>
      </section>
      <details className="show">
        <summary>{t('claim.details')}</summary>
        <dl className="facts">
          <div className="fact-pair">
            <dt>{t('claim.nullifier')}</dt>
            <dd>
              <Hex value={made.nullifier} label={t('claim.nullifier')} />
            </dd>
          </div>
          <div className="fact-pair">
            <dt>{t('claim.key')}</dt>
            <dd>
              <Hex value={made.key} label={t('claim.key')} />
            </dd>
          </div>
        </dl>
        {!made.development && <p className="fine">{t('claim.setUp', { n: made.contributions })}</p>}
      </details>
    </div>
  );
}

function CopyLink({ link }: { readonly link: string }) {
  const { t } = usePage();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button type="button" className="secondary" onClick={copy}>
      <span aria-live="polite">{t(copied ? 'claim.linkCopied' : 'claim.link')}</span>
    </button>
  );
}

/** On this page: whoever opens it sends what stands behind the # to nobody. */
function linkTo(fragment: string): string {
  return `${window.location.href.replace(/#.*$/s, '')}#${fragment}`;
}
