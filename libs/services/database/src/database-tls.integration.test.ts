import { emptyTestDatabase } from '@solvent-por/dev/servers';
import { openDatabase, withClient } from './database';

test('a database whose address asks for TLS is never spoken to in the clear', async () => {
  // The server of the tests has none.
  const { url, drop } = await emptyTestDatabase();
  try {
    const asked = `${url}${url.includes('?') ? '&' : '?'}sslmode=verify-full`;
    await expect(withClient(asked, (client) => client.query('SELECT 1'))).rejects.toThrow(/SSL/);
    const database = openDatabase(asked);
    expect(await database.isReady()).toBe(false);
    await database.close();
    await expect(withClient(url, (client) => client.query('SELECT 1'))).resolves.toBeDefined();
  } finally {
    await drop();
  }
});
