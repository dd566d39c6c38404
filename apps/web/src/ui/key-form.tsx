import { useId, useState, type FormEvent } from 'react';
import type { TextKey } from '../i18n/en';
import { usePage } from './page';

/** What is wrong with what was typed: the text's name below `input.`, and the number in it. */
export interface Complaint {
  readonly problem: string;
  readonly digits: number;
}

/** The one question of the first screen. The key is in this field and in the page's memory, nowhere else. */
export function KeyForm({
  complaint,
  initial = '',
  onCheck,
}: {
  readonly complaint?: Complaint | undefined;
  readonly initial?: string;
  readonly onCheck: (text: string) => void;
}) {
  const { t, calls, config } = usePage();
  const [text, setText] = useState(initial);
  const [empty, setEmpty] = useState(false);
  const id = useId();
  const wrong = empty ? { problem: 'empty', digits: 0 } : complaint;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(text.trim() === '');
    if (text.trim() !== '') onCheck(text);
  };
  return (
    <form className="key-form" onSubmit={submit} noValidate>
      <label htmlFor={id}>{t(config.identifiers ? 'start.keyOrIdentifier' : 'start.key')}</label>
      <input
        id={id}
        className="key-field"
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setEmpty(false);
        }}
        onFocus={() => calls.warm()}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
        aria-describedby={`${id}-help`}
        {...(wrong && { 'aria-invalid': true, 'aria-errormessage': `${id}-wrong` })}
      />
      <p id={`${id}-wrong`} className="wrong" role="alert" hidden={!wrong}>
        {wrong && t(`input.${wrong.problem}` as TextKey, { n: wrong.digits })}
      </p>
      <p id={`${id}-help`} className="fine muted">
        {t(config.identifiers ? 'start.identifierHelp' : 'start.keyHelp')} {t('start.stays')}
      </p>
      <button type="submit" className="primary wide">
        {t('start.check')}
      </button>
    </form>
  );
}
