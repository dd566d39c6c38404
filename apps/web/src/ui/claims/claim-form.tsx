import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { readThreshold, type ClaimAsked, type Read } from '../../check/claim-request';
import { decimal } from '../../check/decimal';
import { writeAmount } from '../../i18n/format';
import type { TextKey } from '../../i18n/en';
import type { ClaimableValue, ClaimWanted } from '../../worker/claims-protocol';
import type { AskedFor } from '../../worker/shown-protocol';
import { usePage } from '../page';
import { AskedFields, goodOrFocus, readAsked } from './asked-fields';
import { Field } from './field';

/** What is shown, and to whom. What is wrong with it is said before anything is fetched. */
export function ClaimForm({
  values,
  asked,
  byServer,
  option,
  onWanted,
}: {
  readonly values: readonly ClaimableValue[];
  readonly asked: ClaimAsked | undefined;
  /** Whether the server is to make it, and where that is chosen. */
  readonly byServer: boolean;
  readonly option: ReactNode;
  readonly onWanted: (wanted: ClaimWanted) => void;
}) {
  const { t, language } = usePage();
  const id = useId();
  const held = values.map((value, at) => ({ ...value, at })).filter(isHeld);
  const askedFor = held.find(({ symbol, side }) => symbol === asked?.asset && side === 'equity');
  const [at, setAt] = useState((askedFor ?? held[0])?.at ?? 0);
  const [amount, setAmount] = useState(asked?.threshold ?? '');
  const [typed, setTyped] = useState({
    partner: asked?.partner ?? '',
    purpose: asked?.purpose ?? '',
    challenge: asked?.challenge ?? '',
  });
  const [tried, setTried] = useState(false);
  const value = values[at];
  if (held.length === 0 || !value) return <p className="note">{t('claim.nothing')}</p>;

  const read = {
    amount: readThreshold(amount, value.scale, BigInt(value.units)),
    ...readAsked(typed),
  };
  const wrong = (one: Read<unknown>) =>
    tried && 'wrong' in one ? t(`claim.wrong.${one.wrong}` as TextKey, { n: one.n ?? 0 }) : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const good = goodOrFocus<AskedFor & { readonly amount: bigint }>(event.currentTarget, read);
    if (!good) return;
    const { amount: units, ...more } = good;
    onWanted({ value: at, threshold: units.toString(), ...more });
  };
  const { whole, fraction } = writeAmount(decimal(BigInt(value.units), value.scale), language);
  return (
    <form className="claim-part claim-form" onSubmit={submit} noValidate>
      <h2>{t('claim.form')}</h2>
      {asked && <p className="note">{t('claim.fromLink')}</p>}
      {asked?.asset !== undefined && !askedFor && (
        <p className="note">{t('claim.assetNone', { asset: asked.asset.slice(0, 64) })}</p>
      )}
      <div className="claim-field">
        <label htmlFor={`${id}-asset`}>{t('claim.asset')}</label>
        <select
          id={`${id}-asset`}
          className="claim-asset"
          value={at}
          onChange={({ currentTarget }) => setAt(Number(currentTarget.value))}
        >
          {held.map((one) => (
            <option key={one.at} value={one.at}>
              {one.pool === undefined ? one.symbol : `${one.symbol} ${t('balance.pool', { pool: one.pool })}`}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={t('claim.amount')}
        name="amount"
        value={amount}
        onChange={setAmount}
        help={t('claim.have', { amount: whole + fraction, asset: value.symbol })}
        wrong={wrong(read.amount)}
        decimal
      />
      <AskedFields
        typed={typed}
        onTyped={setTyped}
        label={{
          partner: t('claim.partner'),
          purpose: t('claim.purpose'),
          challenge: t('claim.challenge'),
        }}
        help={{
          partner: t('claim.partnerHelp'),
          purpose: t('claim.purposeHelp'),
          challenge: t('claim.challengeHelp'),
        }}
        wrong={{
          partner: wrong(read.partner),
          purpose: wrong(read.purpose),
          challenge: wrong(read.challenge),
        }}
      />
      {option}
      <button type="submit" className="primary wide">
        {t(byServer ? 'claim.serverProve' : 'claim.prove')}
      </button>
      {!byServer && <p className="fine muted">{t('claim.loads')}</p>}
    </form>
  );
}

/**
 * Debts are left out: whoever lends asks that somebody owes *at most* so much, which no proof of "at least" says.
 * What is held is shown as it is, without debts subtracted, and the page says so.
 */
function isHeld({ side, units }: ClaimableValue): boolean {
  return side !== 'debt' && units !== '0';
}
