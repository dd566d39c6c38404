import { join } from 'node:path';

interface Reporter {
  onTestResult(test: unknown, result: object): void;
  getLastError(): Error | undefined;
}
const NoSkippedTests = jest.requireActual<new (config: object) => Reporter>(
  join(__dirname, '../../../scripts/jest/no-skipped-tests.cjs'),
);

const before = process.env.CI;
afterAll(() => {
  if (before === undefined) delete process.env.CI;
  else process.env.CI = before;
});

function verdict(ci: string, status: string, more: object = {}): Error | undefined {
  process.env.CI = ci;
  const reporter = new NoSkippedTests({ rootDir: '/project', ...more });
  const testResults = [{ status, fullName: 'a test' }];
  reporter.onTestResult({}, { testFilePath: '/project/a.test.ts', testResults });
  return reporter.getLastError();
}

test.each(['pending', 'todo', 'skipped', 'disabled'])(
  'a test that is %s is a failure in CI, and by name',
  (status) => {
    expect(verdict('true', status)?.message).toContain('a.test.ts: a test');
  },
);

test('what ran is none, nor what is skipped at home or because only some were asked for', () => {
  expect(verdict('true', 'passed')).toBeUndefined();
  expect(verdict('', 'pending')).toBeUndefined();
  expect(verdict('true', 'pending', { testNamePattern: 'x' })).toBeUndefined();
});
