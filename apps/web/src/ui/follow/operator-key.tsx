import { parseApiKey } from '@solvent-por/client';
import { useId, useState, type FormEvent } from 'react';
import { usePage } from '../page';

/**
 * Takes an API key by hand: what has the form of one, for whether it is good, the gateway says. The field is no password field: a browser would offer to keep what is typed there.
 */
export function OperatorKeyForm({ onKey }: { readonly onKey: (key: string) => void }) {
  const { t } = usePage();
  const id = useId();
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('operator-key') as HTMLInputElement;
    const key = field.value.trim();
    if (!parseApiKey(key)) {
      setWrong(true);
      field.focus();
      return;
    }
    field.value = '';
    onKey(key);
  };
  return (
    <>
      <h1>{t('follow.title')}</h1>
      <p className="lead">{t('follow.lead')}</p>
      <form className="key-form follow-key" onSubmit={submit} noValidate autoComplete="off">
        <label htmlFor={id}>{t('follow.key')}</label>
        <input
          id={id}
          name="operator-key"
          className="key-field secret"
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          aria-describedby={`${id}-help`}
          aria-invalid={wrong}
          onChange={() => setWrong(false)}
        />
        <p className="wrong" role="alert">
          {wrong && t('follow.keyForm')}
        </p>
        <p id={`${id}-help`} className="fine muted">
          {t('follow.keyHelp')}
        </p>
        <button type="submit" className="primary">
          {t('follow.enter')}
        </button>
      </form>
    </>
  );
}
