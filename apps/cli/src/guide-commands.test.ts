import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readNodeConfigurations } from '@solvent-por/nodes';
import { configSchema } from '@solvent-por/snapshot';
import { createProgram } from './program';
import {
  commandsInText,
  guideCommands,
  guides,
  isShown,
  readGuide,
  shownJson,
} from '../testing/guides/guide-commands';

const { scripts } = JSON.parse(readFileSync(join(__dirname, '../../../package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const program = createProgram(async () => undefined, {
  writeOut: () => undefined,
  writeErr: () => undefined,
});

/**
 * What is wrong with a command that a guide names in running text; undefined where there is such a command
 * with such options.
 */
function fault(text: string): string | undefined {
  const npm = /^npm (?:run )?([\w:]+)/.exec(text)?.[1];
  if (npm !== undefined) return npm in scripts ? undefined : `there is no script ${npm}`;
  const words = text.replace(/^(?:\.\/)?solvent /, '').split(/\s+/);
  let command: Command = program;
  for (const word of words) {
    const next = command.commands.find((child) => child.name() === word);
    if (!next) break;
    command = next;
  }
  if (command === program) return `there is no command ${words[0]}`;
  if (command.commands.length > 0 && words[1] !== undefined && /^[a-z]/.test(words[1]))
    return `there is no ${words[0]} ${words[1]}`;
  const known = [...command.options, ...program.options].map(({ long }) => long);
  const unknown = words.filter((word) => word.startsWith('--') && word !== '--help' && !known.includes(word));
  return unknown.length > 0 ? `${command.name()} has no ${unknown.join(', ')}` : undefined;
}

test.each(guides())('%s names only commands and options that there are', (guide) => {
  const faults = commandsInText(readGuide(guide)).flatMap((text) => {
    const found = /^\.?\/?solvent <command>/.test(text) ? undefined : fault(text);
    return found === undefined ? [] : [`${text}: ${found}`];
  });
  expect(faults).toEqual([]);
});

test('commands in running text are found, and judged', () => {
  expect(guides().flatMap((guide) => commandsInText(readGuide(guide))).length).toBeGreaterThan(15);
  expect(commandsInText('Type `./solvent verify A`.\n```bash\n./solvent no\n```\n`npm run x`')).toEqual([
    './solvent verify A',
    'npm run x',
  ]);
  expect(fault('./solvent verify nov-2026 --json')).toBeUndefined();
  expect(fault('./solvent vérify nov-2026')).toContain('no command');
  expect(fault('./solvent verify nov-2026 --fast')).toContain('--fast');
  expect(fault('./solvent db drop')).toContain('db drop');
  expect(fault('npm run nothing')).toContain('nothing');
});

test('the assets with haircuts and pools that the operators’ guide shows can be configured', () => {
  const guide = 'docs/guides/operator.md';
  const config = { ...(shownJson(guide) as object), operator: `0x${'05'.repeat(32)}` };
  for (const shown of [1, 2])
    expect(configSchema.parse({ ...config, assets: [shownJson(guide, shown)] })).toBeDefined();
});

test('the nodes that the guide for reserves shows can be configured', () => {
  expect(readNodeConfigurations(shownJson('docs/guides/reserves.md', 1))).toHaveLength(2);
});

test('blocks are cut into commands, with the line where each stands and what is shown below', () => {
  const markdown =
    'Text\n\n```bash\n# why\na 1 \\\n  2\n\nb   # more\n```\n\n```text\nout …\n```\n\n```json\n{}\n```\n```sh\nc\n```\n';
  expect(guideCommands(markdown)).toEqual([
    { line: 5, text: 'a 1 \\\n  2' },
    { line: 8, text: 'b   # more', shown: 'out …\n' },
    { line: 19, text: 'c' },
  ]);
});

test('what is shown is compared, but for what it leaves out', () => {
  expect(isShown('a … c\n…\nend\n', 'a b c\n1\n2\nend\n')).toBe(true);
  expect(isShown('a … c\n', 'a b c\nmore\n')).toBe(false);
  expect(isShown('1.5\n', '105\n')).toBe(false);
});
