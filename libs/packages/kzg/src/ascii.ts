/**
 * Upper case of a–z and of nothing else. `toUpperCase` folds all of Unicode, so that `uſdc` would be USDC,
 * `ﬁl` FIL and `ß` SS: a name from outside must not become another one.
 */
export function asciiUpper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Lower case of A–Z and of nothing else (`toLowerCase` makes k of the Kelvin sign). */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
