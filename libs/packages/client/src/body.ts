import { SolventApiError } from './errors';

/**
 * A body in pieces. Leaving the loop early ends the connection.
 * @param touch called at each piece
 */
export async function* piecesOf(response: Response, touch: () => void): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      touch();
      yield value;
    }
  } finally {
    // After the end, or an error, there is nothing left to cancel.
    await reader.cancel().catch(() => undefined);
  }
}

/** A whole body. @throws SolventApiError RESPONSE_TOO_LONG, as soon as it is */
export async function boundedBody(
  response: Response,
  maxBytes: number,
  touch: () => void,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of piecesOf(response, touch)) {
    length += piece.length;
    if (length > maxBytes)
      throw new SolventApiError('RESPONSE_TOO_LONG', `the answer is longer than ${maxBytes} bytes`, {
        status: response.status,
      });
    pieces.push(piece);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}
