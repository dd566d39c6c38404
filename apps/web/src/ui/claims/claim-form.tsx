import { useId, useState, type FormEvent, type ReactNode } from 'react';
import {
  readChallenge,
  readScopeText,
  readThreshold,
  type ClaimAsked,
  type Read,
} from '../../check/claim-request';
import { decimal } from '../../check/decimal';
import { writeAmount } from '../../i18n/format';
import type { TextKey } from '../../i18n/en';
import type { ClaimableValue, ClaimWanted } from '../../worker/claims-protocol';
import { usePage } from '../page';
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
  const [partner, setPartner] = useState(asked?.partner ?? '');
  const [purpose, setPurpose] = useState(asked?.purpose ?? '');
  const [challenge, setChallenge] = useState(asked?.challenge ?? '');
  const [tried, setTried] = useState(false);
  const value = values[at];
  if (held.length === 0 || !value) return <p className="note">{t('claim.nothing')}</p>;

  const read = {
    amount: readThreshold(amount, value.scale, BigInt(value.units)),
    partner: readScopeText(partner),
    purpose: readScopeText(purpose),
    challenge: readChallenge(challenge),
  };
  const wrong = (one: Read<unknown>) =>
    tried && 'wrong' in one ? t(`claim.wrong.${one.wrong}` as TextKey, { n: one.n ?? 0 }) : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const { amount: units, partner: who, purpose: what, challenge: answer } = read;
    if ('wrong' in units || 'wrong' in who || 'wrong' in what || 'wrong' in answer) {
      const [first] = Object.entries(read).find(([, one]) => 'wrong' in one)!;
      event.currentTarget.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
      return;
    }
    const threshold = units.value.toString();
    onWanted({ value: at, threshold, partner: who.value, purpose: what.value, challenge: answer.value });
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
      <Field
        label={t('claim.partner')}
        name="partner"
        value={partner}
        onChange={setPartner}
        help={t('claim.partnerHelp')}
        wrong={wrong(read.partner)}
      />
      <Field
        label={t('claim.purpose')}
        name="purpose"
        value={purpose}
        onChange={setPurpose}
        help={t('claim.purposeHelp')}
        wrong={wrong(read.purpose)}
      />
      <Field
        label={t('claim.challenge')}
        name="challenge"
        value={challenge}
        onChange={setChallenge}
        help={t('claim.challengeHelp')}
        wrong={wrong(read.challenge)}
        hex
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
