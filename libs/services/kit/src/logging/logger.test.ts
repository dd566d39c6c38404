import { Writable } from 'node:stream';
import { SolventError } from '@solvent-por/kzg';
import { childLogger, createLogger } from './logger';
import { redactText, redactValue } from './redact';

const id = `${'0123abcd'}${'ef'.repeat(28)}`;

/** Logs into memory; each line as an object, and all of it as text. */
function logged(level = 'debug') {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ service: 'test', level, destination });
  return {
    logger,
    text: () => chunks.join(''),
    lines: () => chunks.map((chunk) => JSON.parse(chunk) as Record<string, unknown>),
  };
}

test('a line says service, level and time, and which snapshot and batch it is about', () => {
  const { logger, lines } = logged();
  childLogger(logger, { snapshotId: 'november-2026', batch: 8 }).info({ seconds: 12 }, 'proof stored');
  expect(lines()).toMatchObject([
    {
      level: 'info',
      service: 'test',
      snapshotId: 'november-2026',
      batch: 8,
      seconds: 12,
      msg: 'proof stored',
    },
  ]);
  expect(lines()[0]!.time).toMatch(/^\d{4}-\d{2}-\d{2}T/);
});

test.each<[string, (logger: ReturnType<typeof logged>['logger']) => void]>([
  ['a message', (logger) => logger.info(`account ${id}`)],
  ['a field', (logger) => logger.info({ accountId: id }, 'found')],
  ['a prefixed field', (logger) => logger.info({ accountId: `0x${id}` }, 'found')],
  ['upper case', (logger) => logger.info({ accountId: id.toUpperCase() }, 'found')],
  ['deep inside', (logger) => logger.info({ a: { b: [{ c: new Map([['k', id]]) }] } }, 'found')],
  ["a member's name", (logger) => logger.info({ [id]: 1 }, 'found')],
  ['an error', (logger) => logger.error({ err: new Error(`account ${id}`) }, 'failed')],
  ['an error alone', (logger) => logger.error(new Error(`account ${id}`))],
  [
    "an error's cause and details",
    (logger) =>
      logger.error(
        { err: Object.assign(new SolventError('X', 'invalid', 'no', { id }), { cause: new Error(id) }) },
        'failed',
      ),
  ],
  ["a child's fields", (logger) => logger.child({ id }).info('found')],
  ['a format argument', (logger) => logger.info('account %s', id)],
  ['an object to be formatted', (logger) => logger.info('account %o', { id })],
])('no whole id gets out of %s', (_, log) => {
  const { logger, text } = logged();
  log(logger);
  expect(text().toLowerCase()).not.toContain(id.slice(0, 20));
  expect(text().toLowerCase()).toContain('0123abcd');
});

test.each<[string, object | string]>([
  ['an authorization header', { headers: { authorization: 'Bearer hunter2hunter2' } }],
  ['a bearer token in a text', 'request with Bearer hunter2hunter2 was refused'],
  ['a cookie', { headers: { cookie: 'session=hunter2' } }],
  ['an API key', 'slv_abc123_hunter2hunter2hunter2hunter2hunter2hunter2abc'],
  ['an API key as a field', { apiKey: 'hunter2' }],
  ['a password', { password: 'hunter2' }],
  ["a database's URL", { url: 'postgresql://solvent:hunter2@db/solvent' }],
  ['a master key', { SOLVENT_MASTER_KEY: 'hunter2' }],
])('%s is not logged', (_, value) => {
  const { logger, text } = logged();
  if (typeof value === 'string') logger.info(value);
  else logger.info(value, 'line');
  expect(text()).toContain('redacted');
  expect(text()).not.toContain('hunter2');
});

test('a secret behind a line break is not logged, though in JSON the break is a letter', () => {
  const { logger, text } = logged();
  logger.info('first\nslv_abc123_hunter2hunter2hunter2hunter2hunter2hunter2abc\nBearer\thunter2hunter2');
  logger.info({ said: 'first\nBearer\nhunter2hunter2 postgresql://solvent:hunter2@db' }, 'line');
  expect(text()).not.toContain('hunter2');
});

test('what leads everywhere, as a socket does, is not followed everywhere', () => {
  let asked = 0;
  const within = (depth: number): object =>
    Object.fromEntries(
      Array.from({ length: depth === 0 ? 0 : 20 }, (_, i) => [`m${i}`, () => within(depth - 1)]),
    );
  const lazy = (node: object): object =>
    new Proxy(node, {
      get(target, name) {
        asked++;
        return lazy((Reflect.get(target, name) as () => object)());
      },
    });
  redactValue(lazy(within(5)));
  expect(asked).toBeLessThan(20 * 1000);
});

test('an error keeps its code, message and stack', () => {
  const { logger, lines } = logged();
  logger.error({ err: new SolventError('ROW_REFUSED', 'invalid', 'row 3', { row: 3 }) }, 'refused');
  expect(lines()[0]!.err).toMatchObject({
    code: 'ROW_REFUSED',
    message: 'row 3',
    details: { row: 3 },
    type: 'SolventError',
  });
  expect((lines()[0]!.err as { stack: string }).stack).toContain('logger.test.ts');
});

test('shorter hex, amounts and what nests too deep', () => {
  expect(redactText('0x1234 deadbeef')).toBe('0x1234 deadbeef');
  expect(redactText(`0x${'ab'.repeat(48)}!`)).toBe('0xabababab…!');
  expect(redactValue({ amount: 12n, bytes: new Uint8Array(3) })).toEqual({
    amount: '12',
    bytes: '[3 bytes]',
  });
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  expect(JSON.stringify(redactValue(cycle))).toContain('[deeper]');
});
