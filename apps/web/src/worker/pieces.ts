/**
 * A stream in pieces: not every browser's streams can be walked through. Leaving the loop early ends it.
 * @param failed what is thrown where the stream fails; its own error when left out
 */
export async function* pieces(
  stream: ReadableStream<Uint8Array>,
  failed: (error: unknown) => unknown = (error) => error,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw failed(error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
