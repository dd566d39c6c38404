/**
 * Text of an answer, of which no more is read than is of use: its end is not waited for.
 * @param most bytes
 * @returns undefined where it is longer
 */
export async function boundedText({ body }: Response, most: number): Promise<string | undefined> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let [text, length] = ['', 0];
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return text + decoder.decode();
      length += value.length;
      if (length > most) return undefined;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}
