import { createServer, type AddressInfo } from 'node:net';

/** Ports of 127.0.0.1 that are free now, each another one: all are held until the last is known. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((resolve, reject) => {
            server.once('error', reject);
            server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
          }),
      ),
    );
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}
