import { SolventError } from '@solvent-por/kzg';
import { Prisma } from './generated/prisma/client';
import { isTransient } from './transient';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

test.each([
  '08006',
  '40001',
  '40P01',
  '53100',
  '53200',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '25006',
  '55P03',
])('SQLSTATE %s is transient', (code) => expect(isTransient(coded(code))).toBe(true));
test.each(['23505', '23514', '22P02', '42P01', '28P01', '3D000', '57014', '25P02', '42501'])(
  'SQLSTATE %s is not',
  (code) => expect(isTransient(coded(code))).toBe(false),
);
test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])(
  '%s is transient',
  (code) => expect(isTransient(coded(code))).toBe(true),
);
test.each(['P1001', 'P1017', 'P2024', 'P2034'])('Prisma’s %s is transient', (code) =>
  expect(isTransient(new Prisma.PrismaClientKnownRequestError('x', { code, clientVersion: '7' }))).toBe(true),
);
test.each(['P2002', 'P2025', 'P2010'])('Prisma’s %s is not', (code) =>
  expect(isTransient(new Prisma.PrismaClientKnownRequestError('x', { code, clientVersion: '7' }))).toBe(
    false,
  ),
);

test('a cause, the driver’s error and the errors of several addresses count', () => {
  expect(isTransient(new Error('outer', { cause: coded('57P01') }))).toBe(true);
  expect(isTransient(new AggregateError([coded('EINVAL'), coded('ECONNREFUSED')]))).toBe(true);
  const meta = { driverAdapterError: { cause: { kind: 'postgres', originalCode: '57P01' } } };
  expect(
    isTransient(new Prisma.PrismaClientKnownRequestError('x', { code: 'P2010', clientVersion: '7', meta })),
  ).toBe(true);
});

test.each<[string, unknown]>([
  ['our own errors', new SolventError('ROW_DUPLICATE_ACCOUNT', 'invalid', 'Connection of accounts')],
  ['a missing file', coded('ENOENT')],
  ['a code that only begins like one', coded('400012')],
  ['nothing', undefined],
  ['null', null],
  ['a text', '57P01'],
  ['a plain error', new Error('57P01')],
])('%s: not transient', (_, error) => expect(isTransient(error)).toBe(false));

test('causes in a circle end', () => {
  const error = new Error('x');
  error.cause = error;
  expect(isTransient(error)).toBe(false);
});
