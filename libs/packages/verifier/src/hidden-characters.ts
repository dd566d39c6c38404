/** Control characters, separators of lines and paragraphs, marks that turn the direction of writing. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u;
/** What a database or a log cannot keep as it is: NUL, and half of a surrogate pair. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/**
 * Whether a text holds what nobody sees, and what makes another text of it where it is shown: a name, a source
 * or an identifier that does is refused.
 */
export function hasHiddenCharacters(text: string): boolean {
  return HIDDEN.test(text);
}

/** Whether a text cannot be stored as it is; column names may hold line breaks, and no more than that. */
export function isUnstorable(text: string): boolean {
  return UNSTORABLE.test(text);
}
