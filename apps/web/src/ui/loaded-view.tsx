import type { ReactNode } from 'react';
import { Failure } from './failure';
import { usePage } from './page';
import type { Loaded } from './use-loaded';
import { Waiting } from './waiting';

/** What was loaded, once it is there; until then what is waited for, or why it did not come, and what to do then. */
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
  const { t, go } = usePage();
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
      {loaded.problem.kind === 'unknown' ? (
        // Asking again would be answered the same; the list has those that there are.
        <button type="button" className="primary" onClick={() => go({ screen: 'audit' })}>
          {t('error.list')}
        </button>
      ) : (
        <button type="button" className="primary" onClick={again}>
          {t('error.again')}
        </button>
      )}
    </Failure>
  );
}
