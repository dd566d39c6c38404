import type { ReactNode } from 'react';
import { usePage } from './page';

/** A long verification that runs: how far it is, where that is known, and how to end it. */
export function Running({
  label,
  done,
  of,
  passed,
  say,
  onCancel,
}: {
  readonly label: string;
  /** Undefined where nothing is known yet. */
  readonly done: number | undefined;
  /** 0 where nothing is known yet. */
  readonly of: number;
  /** Milliseconds since it began, at the last progress. */
  readonly passed: number;
  /** What was done so far, in words; once something is known. */
  readonly say: () => ReactNode;
  readonly onCancel: () => void;
}) {
  const { t } = usePage();
  const left = done ? Math.ceil((((of - done) / done) * passed) / 1000) : undefined;
  return (
    // Figures that change many times a second are not read out one after another.
    <div className="running" aria-live="off">
      <label className="running-label">
        {label}
        <progress max={of || 1} {...(done !== undefined && { value: done })} />
      </label>
      <p className="fine muted numbers">
        {done !== undefined && say()}
        {left !== undefined && <> · {t('audit.left', { n: left })}</>}
      </p>
      <button type="button" className="secondary" onClick={onCancel}>
        {t('audit.cancel')}
      </button>
    </div>
  );
}

/** So many a second, whole. */
export function perSecond(count: number, milliseconds: number): number {
  return milliseconds > 0 ? Math.round((count * 1000) / milliseconds) : 0;
}
