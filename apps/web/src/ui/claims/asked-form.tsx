import { useState, type FormEvent } from 'react';
import type { Read } from '../../check/claim-request';
import type { TextKey } from '../../i18n/en';
import type { AskedFor } from '../../worker/shown-protocol';
import { usePage } from '../page';
import { AskedFields, goodOrFocus, readAsked } from './asked-fields';
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
  const [typed, setTyped] = useState({ partner: '', purpose: '', challenge: '' });
  const [tried, setTried] = useState(false);
  const read = readAsked(typed);
  const wrong = (one: Read<unknown>) => {
    if (!tried || !('wrong' in one)) return undefined;
    if (one.wrong === 'challengeEmpty') return say('shown.challengeEmpty');
    return t(`claim.wrong.${one.wrong}` as TextKey, { n: one.n ?? 0 });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const good = goodOrFocus<AskedFor>(event.currentTarget, read);
    if (good) onAsked(good);
  };
  return (
    <form className="claim-part claim-form" onSubmit={submit} noValidate data-compared={done}>
      <h2>{say('shown.form')}</h2>
      <p>{say('shown.formText')}</p>
      <AskedFields
        typed={typed}
        onTyped={setTyped}
        label={{
          partner: say('shown.partner'),
          purpose: say('shown.purpose'),
          challenge: say('shown.challenge'),
        }}
        help={{
          partner: say('shown.partnerHelp'),
          purpose: say('shown.purposeHelp'),
          challenge: say('shown.challengeHelp'),
        }}
        wrong={{
          partner: wrong(read.partner),
          purpose: wrong(read.purpose),
          challenge: wrong(read.challenge),
        }}
      />
      <button type="submit" className={done ? 'secondary wide' : 'primary wide'}>
        {say('shown.compare')}
      </button>
    </form>
  );
}
