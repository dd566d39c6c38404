/**
 * A path as it can be pasted into a shell, whatever it is called: as it is, or in quotes. One that begins
 * with a dash would be taken for an option. Characters that a terminal would obey stand as `$'\n'`, which
 * bash, zsh and ksh read.
 */
export function shellWord(path: string): string {
  const text = path.startsWith('-') ? `./${path}` : path;
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, hexadecimal);
  return `$'${escaped}'`;
}

/** The bytes of a character, as the shell's quotes name them. */
function hexadecimal(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('');
}
