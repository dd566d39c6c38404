import { randomBytes } from 'node:crypto';
import {
  addressAs,
  DATABASE_ROLES,
  makeRoles,
  migrate,
  type DatabaseRole,
} from '@solvent-por/services/database';
import { databasePassword } from './secrets';

export type DatabaseAddresses = Readonly<Record<DatabaseRole, string>>;

const ROLES = Object.keys(DATABASE_ROLES) as DatabaseRole[];

/**
 * A database with its tables and its roles: the superuser of the server makes them, and nobody connects as it
 * afterwards.
 *
 * @param admin address of the database as its server's superuser
 * @param directory keeps the passwords, readable by their owner alone; without it there are new ones
 * @returns the address as each role, with its password: secrets
 */
export async function prepareDatabase(admin: string, directory?: string): Promise<DatabaseAddresses> {
  const passwords = {} as Record<DatabaseRole, string>;
  for (const role of ROLES)
    passwords[role] =
      directory === undefined ? randomBytes(24).toString('hex') : await databasePassword(directory, role);
  await makeRoles(admin, passwords);
  const addresses = {} as Record<DatabaseRole, string>;
  for (const role of ROLES) addresses[role] = addressAs(admin, role, passwords[role]);
  await migrate(addresses.migrator);
  return addresses;
}
