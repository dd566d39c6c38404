import { useState, type FormEvent } from 'react';
import { readChallenge, readScopeText, type Read } from '../../check/claim-request';
import type { TextKey } from '../../i18n/en';
import type { AskedFor } from '../../worker/shown-protocol';
import { usePage } from '../page';
import { Field } from './field';
import { useShownWords } from './shown-words';

/** What the partner gave out, from their own records: never filled in from the claim, which would agree with itself. */
export function AskedForm({
  done,
  onAsked,
}: {
  /** It was compared once already. */
  readonly done: boolean;
  readonly onAsked: (asked: AskedFor) => void;
}) {
  const { t } = usePage();
  const say = useShownWords();
  const [partner, setPartner] = useState('');
  const [purpose, setPurpose] = useState('');
  const [challenge, setChallenge] = useState('');
  const [tried, setTried] = useState(false);
  const read = {
    partner: readScopeText(partner),
    purpose: readScopeText(purpose),
    challenge: readChallenge(challenge),
  };
  const wrong = (one: Read<unknown>) => {
    if (!tried || !('wrong' in one)) return undefined;
    if (one.wrong === 'challengeEmpty') return say('shown.challengeEmpty');
    return t(`claim.wrong.${one.wrong}` as TextKey, { n: one.n ?? 0 });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const { partner: who, purpose: what, challenge: answer } = read;
    if ('wrong' in who || 'wrong' in what || 'wrong' in answer) {
      const [first] = Object.entries(read).find(([, one]) => 'wrong' in one)!;
      event.currentTarget.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
      return;
    }
    onAsked({ partner: who.value, purpose: what.value, challenge: answer.value });
  };
  return (
    <form className="claim-part claim-form" onSubmit={submit} noValidate data-compared={done}>
      <h2>{say('shown.form')}</h2>
      <p>{say('shown.formText')}</p>
      <Field
        label={say('shown.partner')}
        name="partner"
        value={partner}
        onChange={setPartner}
        help={say('shown.partnerHelp')}
        wrong={wrong(read.partner)}
      />
      <Field
        label={say('shown.purpose')}
        name="purpose"
        value={purpose}
        onChange={setPurpose}
        help={say('shown.purposeHelp')}
        wrong={wrong(read.purpose)}
      />
      <Field
        label={say('shown.challenge')}
        name="challenge"
        value={challenge}
        onChange={setChallenge}
        help={say('shown.challengeHelp')}
        wrong={wrong(read.challenge)}
        hex
      />
      <button type="submit" className={done ? 'secondary wide' : 'primary wide'}>
        {say('shown.compare')}
      </button>
    </form>
  );
}
