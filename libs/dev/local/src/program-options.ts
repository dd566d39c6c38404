import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** What reads an option of a local program: a decimal integer within bounds, both included. */
export function integerOption(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^(?:0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : NaN;
    if (!(value >= minimum && value <= maximum))
      throw new InvalidArgumentError(`It must be an integer in ${minimum}…${maximum}.`);
    return value;
  };
}

/** Where package.json is, above the program's bundle. */
export function projectFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) return folder;
  return process.cwd();
}
