import { SolventApiError } from '@solvent-por/client';
import type { SealedSource } from '@solvent-por/verifier';

const ABSENT = [404, 410];

/**
 * Files of a sealed bundle from a file host. Each is fetched whole, and no more of it is read than is of use.
 * @param address with a slash at its end
 */
export function sealedFiles(
  address: string,
  fetched: typeof fetch = (...given) => fetch(...given),
): SealedSource {
  return async (name, limit) => {
    let response: Response;
    try {
      response = await fetched(new URL(name, address), { credentials: 'omit' });
    } catch (cause) {
      throw new SolventApiError('NETWORK_FAILED', 'nobody answers where the files should be', { cause });
    }
    if (ABSENT.includes(response.status)) {
      await response.body?.cancel();
      return undefined;
    }
    const { status } = response;
    if (!response.ok) {
      await response.body?.cancel();
      throw new SolventApiError(`HTTP_${status}`, `the host of the files answers ${status}`, { status });
    }
    return firstBytes(response, limit + 1);
  };
}

async function firstBytes({ body }: Response, most: number): Promise<Uint8Array> {
  const reader = body?.getReader();
  const bytes = new Uint8Array(most);
  let length = 0;
  try {
    while (reader && length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = value.subarray(0, most - length);
      bytes.set(part, length);
      length += part.length;
    }
  } catch (cause) {
    throw new SolventApiError('NETWORK_FAILED', 'the connection was cut', { cause });
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  return bytes.slice(0, length);
}
