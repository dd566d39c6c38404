import type { Context } from './context';

/** What a verifier looked at, and what it could not look at. */
export interface Findings {
  readonly checked: readonly string[];
  readonly notChecked: readonly string[];
}

/** Divides the notes of a verdict: those which say NOT checked, and the others. */
export function findingsOf(notes: readonly string[]): Findings {
  const open = (note: string) => note.includes('NOT checked');
  return { checked: notes.filter((note) => !open(note)), notChecked: notes.filter(open) };
}

export function joinFindings(...parts: readonly Findings[]): Findings {
  return {
    checked: parts.flatMap(({ checked }) => checked),
    notChecked: parts.flatMap(({ notChecked }) => notChecked),
  };
}

export function sayFindings({ checked, notChecked }: Findings, { say, style }: Context): void {
  for (const note of checked) say(`${style.tick} ${note}`);
  for (const note of notChecked) say(`${style.warning} ${note}`);
}
