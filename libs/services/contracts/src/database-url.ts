/** A setting that keeps services and `solvent db` from a database whose certificate they do not verify. */
export const DATABASE_TLS = 'SOLVENT_DATABASE_TLS';

/**
 * What is wrong with the database's address under SOLVENT_DATABASE_TLS=true, for whoever set it: in the modes
 * of sslmode below verify-full whoever sits between can be the server. Undefined where nothing is.
 *
 * @param url `postgresql://…`; it holds the password, and the answer does not
 */
export function unverifiedDatabase(url: string): string | undefined {
  if (/[?&]sslmode=verify-full(?:&|$)/.test(url)) return undefined;
  return `SOLVENT_DATABASE_URL must end in ?sslmode=verify-full, and name the authority with &sslrootcert=FILE, because ${DATABASE_TLS} is true`;
}
