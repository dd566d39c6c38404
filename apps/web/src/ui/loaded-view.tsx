import type { ReactNode } from 'react';
import { Failure } from './failure';
import { usePage } from './page';
import type { Loaded } from './use-loaded';
import { Waiting } from './waiting';

/** What was loaded, once it is there; until then what is waited for, or why it did not come, and a way to try again. */
export function LoadedView<T>({
  loaded,
  again,
  waiting,
  lines,
  title,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly again: () => void;
  /** What is done meanwhile. */
  readonly waiting: string;
  readonly lines?: number;
  /** Nothing else is on the screen meanwhile. */
  readonly title?: boolean;
  readonly children: (value: T) => ReactNode;
}) {
  const { t } = usePage();
  if (loaded.state === 'loading')
    return (
      <Waiting
        text={waiting}
        {...(lines !== undefined && { lines })}
        {...(title !== undefined && { title })}
      />
    );
  if (loaded.state === 'there') return children(loaded.value);
  return (
    <Failure problem={loaded.problem}>
      <button type="button" className="primary" onClick={again}>
        {t('error.again')}
      </button>
    </Failure>
  );
}
