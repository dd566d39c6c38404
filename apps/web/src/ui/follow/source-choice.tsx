import type { OfferedSources } from '@solvent-por/client';
import { useId, useState } from 'react';
import { writeBytes } from '../../i18n/format';
import { usePage } from '../page';

/** One of the sources that ingest offers, or a path by hand. */
export function SourceChoice({
  offered: { sources, more, readAt },
  chosen,
  onChoose,
}: {
  readonly offered: OfferedSources;
  readonly chosen: string;
  readonly onChoose: (path: string) => void;
}) {
  const { t, language, time } = usePage();
  const id = useId();
  const [byHand, setByHand] = useState(sources.length === 0);
  return (
    <fieldset className="sources">
      <legend>{t('follow.source')}</legend>
      {sources.length === 0 && <p className="muted">{t('follow.source.none')}</p>}
      {sources.map(({ path, files, bytes, modifiedAt }) => (
        <label key={path} className="source">
          <input
            type="radio"
            name={id}
            checked={!byHand && chosen === path}
            onChange={() => {
              setByHand(false);
              onChoose(path);
            }}
          />
          <span>
            <span className="break">{path}</span>
            <span className="fine muted">
              {t('follow.source.files', { n: files })} · {writeBytes(bytes, language)} · {time(modifiedAt)}
            </span>
          </span>
        </label>
      ))}
      {sources.length > 0 && (
        <label className="source">
          <input
            type="radio"
            name={id}
            checked={byHand}
            onChange={() => {
              setByHand(true);
              onChoose('');
            }}
          />
          <span>{t('follow.source.other')}</span>
        </label>
      )}
      {byHand && (
        <>
          <label htmlFor={`${id}-path`}>{t('follow.source.path')}</label>
          <input
            id={`${id}-path`}
            className="source-path"
            maxLength={512}
            autoComplete="off"
            spellCheck={false}
            placeholder="nov-2026/accounts"
            value={chosen}
            onChange={({ currentTarget }) => onChoose(currentTarget.value.trim())}
          />
        </>
      )}
      {readAt !== null && (
        <p className="fine muted">
          {t('follow.source.read', { time: time(readAt) })} {more && t('follow.source.more')}
        </p>
      )}
    </fieldset>
  );
}
