import { useId, useState, type FormEvent } from 'react';
import type { ReportBlock } from '@solvent-por/reserves';
import { usePage } from '../page';

/**
 * Hashes of blocks that an auditor has from elsewhere. A hash confirms a block only where a header ties its time
 * to it: for others there is no field.
 */
export function BlocksForm({
  blocks,
  onHashes,
}: {
  readonly blocks: readonly ReportBlock[];
  readonly onHashes: (hashes: Readonly<Record<string, string>>) => void;
}) {
  const { t } = usePage();
  const id = useId();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [wrong, setWrong] = useState<string>();
  const tied = blocks.filter(({ header }) => header);
  if (tied.length === 0) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = Object.entries(typed).flatMap(([network, text]) => {
      const digits = text.trim().toLowerCase().replace(/^0x/, '');
      return digits === '' ? [] : [[network, digits] as const];
    });
    const malformed = given.find(([, digits]) => !/^[0-9a-f]{64}$/.test(digits));
    setWrong(malformed?.[0]);
    if (!malformed && given.length > 0)
      onHashes(Object.fromEntries(given.map(([network, digits]) => [network, `0x${digits}`])));
  };
  return (
    <form className="blocks-form no-print" onSubmit={submit}>
      <h3>{t('reserves.confirm')}</h3>
      <p>{t('reserves.confirmText')}</p>
      {tied.map(({ network, height }) => (
        <div key={network}>
          <label htmlFor={`${id}${network}`}>{t('reserves.hashOf', { network, height })}</label>
          <input
            id={`${id}${network}`}
            className="key-field"
            value={typed[network] ?? ''}
            autoComplete="off"
            spellCheck={false}
            {...(wrong === network && { 'aria-invalid': true, 'aria-describedby': `${id}wrong` })}
            onInput={({ currentTarget: { value } }) => setTyped({ ...typed, [network]: value })}
          />
        </div>
      ))}
      {wrong !== undefined && (
        <p id={`${id}wrong`} className="wrong" role="alert">
          {t('reserves.hashWrong')}
        </p>
      )}
      <div className="buttons">
        <button type="submit" className="secondary">
          {t('reserves.withHashes')}
        </button>
      </div>
    </form>
  );
}
