import { silentLog } from '../logging/log';
import { Readiness } from './readiness';

const quick = { check: 30, keep: 0 };

test('it is ready when all checks say so, and says which does not', async () => {
  const readiness = new Readiness(silentLog, quick);
  let database = true;
  readiness.add('database', async () => database);
  readiness.add('bus', async () => true);
  expect(await readiness.read()).toEqual({
    ready: true,
    shuttingDown: false,
    checks: { database: 'ok', bus: 'ok' },
  });
  database = false;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await readiness.read()).toMatchObject({ ready: false, checks: { database: 'failed', bus: 'ok' } });
});

test('a check that throws, at once or later, or never answers, is no yes', async () => {
  const readiness = new Readiness(silentLog, quick);
  readiness.add('throws', () => {
    throw new Error('no');
  });
  readiness.add('rejects', () => Promise.reject(new Error('no')));
  readiness.add('hangs', () => new Promise(() => undefined));
  expect(await readiness.read()).toMatchObject({
    ready: false,
    checks: { throws: 'failed', rejects: 'failed', hangs: 'late' },
  });
});

test('who asks often asks the same checks', async () => {
  let asked = 0;
  const readiness = new Readiness(silentLog, { check: 1_000, keep: 60_000 });
  readiness.add('database', async () => ++asked > 0);
  await Promise.all([readiness.read(), readiness.read()]);
  await readiness.read();
  expect(asked).toBe(1);
});

test('a service that shuts down is not ready, whatever was kept', async () => {
  const readiness = new Readiness(silentLog, { check: 1_000, keep: 60_000 });
  expect(await readiness.read()).toMatchObject({ ready: true });
  readiness.shutDown();
  expect(await readiness.read()).toMatchObject({ ready: false, shuttingDown: true });
});
