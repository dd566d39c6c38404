import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../../../test-vectors/reserves');

export function vectorText(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

export function vectors<T>(name: string): T {
  return JSON.parse(vectorText(name)) as T;
}

export interface OwnershipEvidence {
  readonly network: string;
  readonly address: string;
  readonly message: string;
  readonly ownership: Readonly<Record<string, unknown>>;
}

export interface OwnershipVector {
  readonly id: string;
  readonly evidence?: OwnershipEvidence;
  readonly expected: string;
}

/** A whole publication, with the arguments of its verifier and what they must report. */
export interface Publication {
  readonly name: string;
  readonly args: {
    readonly operator: string;
    readonly manifest?: string;
    readonly previous?: string;
    readonly prices?: string;
    readonly block?: readonly string[];
  };
  readonly statement: string;
  readonly text: string;
  readonly standing: string;
  readonly report: Readonly<Record<string, unknown>>;
  readonly file: (name: string) => string;
}

export function publications(): readonly Publication[] {
  return readdirSync(join(FOLDER, 'publications')).map((name) => publication(name));
}

export function publication(name: string): Publication {
  const file = (one: string) => vectorText(join('publications', name, one));
  if (!existsSync(join(FOLDER, 'publications', name))) throw new Error(`there is no publication ${name}`);
  return { ...(JSON.parse(file('expected.json')) as Publication), name, file };
}
