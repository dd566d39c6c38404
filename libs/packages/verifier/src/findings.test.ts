import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as finding from './finding';
import { checked, joinFindings, notChecked } from './findings';
import { valid } from './verdict';

test('findings keep their order, and a verdict gives its findings alone', () => {
  const verdict = valid(notChecked('CHAIN', 'a'), checked('TOTALS', 'b', { batches: 2 }));
  const joined = joinFindings(verdict, notChecked('OPERATOR_KEY', 'c'));
  expect(joined).toEqual({
    checked: [{ code: 'TOTALS', message: 'b', compared: { batches: 2 } }],
    notChecked: [
      { code: 'CHAIN', message: 'a' },
      { code: 'OPERATOR_KEY', message: 'c' },
    ],
  });
});

test('whether something was checked is said by its list, not by its words: the same code stands in either', () => {
  const key = `0x${'11'.repeat(32)}`;
  expect(finding.operatorKey(key, key)).toMatchObject({
    checked: [{ code: 'OPERATOR_KEY' }],
    notChecked: [],
  });
  expect(finding.operatorKey(key)).toMatchObject({ checked: [], notChecked: [{ code: 'OPERATOR_KEY' }] });
});

test('every code is explained to partners', () => {
  const source = readFileSync(join(__dirname, 'findings.ts'), 'utf8');
  const [union] = /export type FindingCode =[^;]*;/.exec(source)!;
  const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code!);
  expect(codes).toHaveLength(12);
  const guide = readFileSync(join(__dirname, '../../../../docs/guides/partner.md'), 'utf8');
  expect(codes.filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
});
