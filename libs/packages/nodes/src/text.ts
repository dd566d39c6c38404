/** What somebody else says, for messages: printable ASCII, and not more than so much of it. */
export function printableText(text: string, most: number): string {
  return text.slice(0, most).replace(/[^ -~]/g, '?');
}
