/** So long who looks how a service is (readiness, metrics) waits for what it stands on, in milliseconds. */
export const LOOK_MS = 3_000;

/**
 * What the promise gives, or undefined when it takes longer; the promise goes on, and its failure is then
 * nobody's.
 */
export async function within<T>(
  promise: Promise<T>,
  milliseconds: number,
): Promise<{ value: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(
    (resolve) => (timer = setTimeout(() => resolve(undefined), milliseconds)),
  );
  try {
    return await Promise.race([promise.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
