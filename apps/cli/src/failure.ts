import { SolventError, type FailureKind } from '@solvent-por/kzg';

/** An error as `--json` prints it. */
export interface FailureDocument {
  readonly ok: false;
  readonly command?: string;
  readonly code: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/**
 * What programs are told about an error. Anything but a SolventError is a bug, or the machine's word (disk
 * full, no permission).
 */
export function failureDocument(error: unknown, command?: string): FailureDocument {
  const head = { ok: false as const, ...(command === undefined ? {} : { command }) };
  if (error instanceof SolventError) {
    const { code, kind, message, details } = error;
    return { ...head, code, kind, message, details };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = systemCode(error);
  return code === undefined
    ? { ...head, code: 'UNEXPECTED', kind: 'internal', message: firstLine(message), details: {} }
    : { ...head, code: `SYSTEM_${code}`, kind: 'internal', message: firstLine(message), details: {} };
}

/** What people are told about an error; the stack only where SOLVENT_DEBUG asks for it. */
export function failureText(error: unknown, debug: boolean): string {
  const { code, message, kind } = failureDocument(error);
  const hint = kind === 'internal' && !debug && code === 'UNEXPECTED' ? '; SOLVENT_DEBUG=1 shows where' : '';
  const stack = debug && error instanceof Error && error.stack ? `\n${error.stack}` : '';
  return `${message} (${code}${hint})${stack}`;
}

/** Errors of the system look like `ENOSPC`. */
function systemCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!;
}
