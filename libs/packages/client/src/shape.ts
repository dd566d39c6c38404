import { SolventApiError } from './errors';

/**
 * The form of a part of an answer. One declaration gives the selection that asks for it, the check of what
 * came, and the TypeScript type; a test compares it with the gateway's schema.
 */
export interface Shape<T> {
  readonly form: Form;
  /** @throws SolventApiError RESPONSE_MALFORMED, with the path of what is not as it should be */
  read(value: unknown, path: string): T;
}

/** A shape as data: for selections, and for the test against the schema. */
export type Form =
  | { readonly kind: 'text' | 'integer' | 'number' | 'flag' | 'json' }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'nullable' | 'list'; readonly of: Form }
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, Form>> };

/** The type of what a shape reads. */
export type Read<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = {
  form: { kind: 'text' },
  read: (value, path) => (typeof value === 'string' ? value : refuse(path, 'text')),
};

export const integer: Shape<number> = {
  form: { kind: 'integer' },
  read: (value, path) => (Number.isSafeInteger(value) ? (value as number) : refuse(path, 'an integer')),
};

export const number: Shape<number> = {
  form: { kind: 'number' },
  read: (value, path) => (typeof value === 'number' ? value : refuse(path, 'a number')),
};

export const flag: Shape<boolean> = {
  form: { kind: 'flag' },
  read: (value, path) => (typeof value === 'boolean' ? value : refuse(path, 'true or false')),
};

/** Anything: whoever uses it reads it. */
export const json: Shape<unknown> = { form: { kind: 'json' }, read: (value) => value };

export function oneOf<const V extends string>(...values: readonly V[]): Shape<V> {
  return {
    form: { kind: 'oneOf', values },
    read: (value, path) =>
      values.find((allowed) => allowed === value) ?? refuse(path, `one of ${values.join(', ')}`),
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    form: { kind: 'nullable', of: shape.form },
    read: (value, path) => (value === null ? null : shape.read(value, path)),
  };
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return {
    form: { kind: 'list', of: shape.form },
    read: (value, path) =>
      Array.isArray(value)
        ? value.map((item: unknown, i) => shape.read(item, `${path}[${i}]`))
        : refuse(path, 'a list'),
  };
}

/** An object with these fields; others that came are left out. */
export function fields<F extends Readonly<Record<string, Shape<unknown>>>>(
  shapes: F,
): Shape<{ readonly [K in keyof F]: Read<F[K]> }> {
  const entries = Object.entries(shapes);
  return {
    form: {
      kind: 'fields',
      fields: Object.fromEntries(entries.map(([name, shape]) => [name, shape.form])),
    },
    read: (value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return refuse(path, 'an object');
      const members = value as Readonly<Record<string, unknown>>;
      const read = entries.map(([name, shape]) => [name, shape.read(members[name], `${path}.${name}`)]);
      return Object.fromEntries(read) as { readonly [K in keyof F]: Read<F[K]> };
    },
  };
}

/** ` { id takenAt failure { code } }`, or nothing where there is nothing to choose. */
export function selectionOf(form: Form): string {
  if (form.kind === 'nullable' || form.kind === 'list') return selectionOf(form.of);
  if (form.kind !== 'fields') return '';
  const chosen = Object.entries(form.fields).map(([name, inner]) => `${name}${selectionOf(inner)}`);
  return ` { ${chosen.join(' ')} }`;
}

function refuse(path: string, wanted: string): never {
  throw new SolventApiError(
    'RESPONSE_MALFORMED',
    `the service answered something else: ${path} must be ${wanted}`,
  );
}
