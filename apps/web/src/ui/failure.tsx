import type { ReactNode } from 'react';
import type { Problem } from '../check/problem';
import { usePage } from './page';

/** What happened, whether anything is wrong with the proof, and the one thing to do next. */
export function Failure({
  problem,
  level: Heading = 'h1',
  children,
}: {
  readonly problem: Problem;
  readonly level?: 'h1' | 'h3';
  /** The one thing to do. */
  readonly children?: ReactNode;
}) {
  const { t } = usePage();
  const { kind, code, message } = problem;
  return (
    <section className="failure" role="alert">
      <Heading>{t(`error.title.${kind}`)}</Heading>
      <p>{t(`error.text.${kind}`, { files: message })}</p>
      {children && <div className="buttons">{children}</div>}
      {kind !== 'needManifest' && <p className="fine muted break">{t('error.detail', { code, message })}</p>}
    </section>
  );
}
