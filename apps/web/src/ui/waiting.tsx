import { useEffect, useState } from 'react';

/** Milliseconds in which nothing is shown: what comes at once needs no waiting. */
const PATIENCE_MS = 150;

/** What is done meanwhile, and the outline of what comes. */
export function Waiting({
  text,
  lines = 3,
  title = false,
}: {
  readonly text: string;
  readonly lines?: number;
  /** It is all there is on the screen, and so its heading. */
  readonly title?: boolean;
}) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="waiting" aria-busy="true">
      {title ? (
        <div role="status">
          <h1 className={shown ? 'waiting-title' : 'only-heard'}>{text}</h1>
        </div>
      ) : (
        <p role="status" className={shown ? 'muted' : 'only-heard'}>
          {text}
        </p>
      )}
      {shown && (
        <div aria-hidden="true" className="outline">
          {Array.from({ length: lines }, (_, i) => (
            <span key={i} className="outline-line" />
          ))}
        </div>
      )}
    </div>
  );
}
