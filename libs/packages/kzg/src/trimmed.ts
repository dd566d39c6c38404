/**
 * A text without the characters around it that `isOuter` tells, in one pass: `[…]+$` as a regular expression
 * looks at a run within the text once from each of its characters, so that a long one takes quadratic time.
 * @param isOuter matches a single UTF-16 unit, without flags that remember
 */
export function withoutOuter(text: string, isOuter: RegExp): string {
  let start = 0;
  while (start < text.length && isOuter.test(text[start]!)) start++;
  return withoutTrailing(text.slice(start), isOuter);
}

/** A text without the characters at its end that `isOuter` tells. */
export function withoutTrailing(text: string, isOuter: RegExp): string {
  let end = text.length;
  while (end > 0 && isOuter.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}
