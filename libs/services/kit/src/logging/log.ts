/**
 * What the kit writes its lines to: pino's logger is one. Fields never hold whole account ids, amounts or
 * secrets.
 */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** For those who don't listen. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
