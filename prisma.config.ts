import { defineConfig } from 'prisma/config';

/**
 * Only Prisma's own commands read this (`prisma migrate deploy`, `prisma studio`); the services take their
 * address from their configuration.
 */
const url = process.env.SOLVENT_DATABASE_URL;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url } } : {}),
});
