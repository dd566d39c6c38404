import { useState, type FormEvent } from 'react';
import type { ShownFrom } from '../../worker/shown-protocol';
import { ChooseFiles, useDrop } from '../files';
import { Field } from './field';
import { useShownWords } from './shown-words';

/** Longest claim, and one byte more: then it is too long. */
const MOST_BYTES = 4097;

/** Where the claim is: in a link that is pasted, or in a file. */
export function ShownChoice({ onFrom }: { readonly onFrom: (from: ShownFrom) => void }) {
  const say = useShownWords();
  const [link, setLink] = useState('');
  const [tried, setTried] = useState(false);
  const onFiles = ([file]: readonly File[]) =>
    file &&
    void file
      .slice(0, MOST_BYTES)
      .arrayBuffer()
      .then((content) => onFrom({ file: new Uint8Array(content) }));
  const over = useDrop(onFiles);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (link.trim() !== '') onFrom({ link });
  };
  return (
    <form className="claim-part claim-form" onSubmit={submit} noValidate>
      <Field
        label={say('shown.link')}
        name="link"
        value={link}
        onChange={setLink}
        help={say('shown.linkHelp')}
        wrong={tried && link.trim() === '' ? say('shown.linkEmpty') : undefined}
        longest={8192}
        hex
      />
      <div className="buttons">
        <button type="submit" className="primary">
          {say('shown.verify')}
        </button>
        <ChooseFiles className="secondary" onFiles={onFiles}>
          {say('shown.choose')}
        </ChooseFiles>
      </div>
      {over && (
        <div className="drop" aria-hidden="true">
          <p>{say('shown.choose')}</p>
        </div>
      )}
    </form>
  );
}
