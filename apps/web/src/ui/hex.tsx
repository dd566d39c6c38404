import { useState } from 'react';
import { usePage } from './page';

/** Hex digits, shortened in the middle; what is copied is whole. */
export function Hex({ value, label }: { readonly value: string; readonly label: string }) {
  const shown = value.length > 26 ? `${value.slice(0, 12)}…${value.slice(-8)}` : value;
  return (
    <span className="hex-line">
      <code className="hex" title={value}>
        {shown}
      </code>
      <CopyButton text={value} label={label} />
    </span>
  );
}

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = usePage();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button type="button" className="quiet small" onClick={copy} aria-label={`${t('copy.copy')}: ${label}`}>
      <span aria-live="polite">{t(copied ? 'copy.done' : 'copy.copy')}</span>
    </button>
  );
}
