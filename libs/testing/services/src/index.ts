export { testDatabase, emptyTestDatabase, type TestDatabase } from './test-database';
export { testPostgres, type TestPostgres } from './test-postgres';
export { runDirectory, sharedServer, type SharedServer } from './shared-server';
