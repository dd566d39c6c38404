export { testDatabase, emptyTestDatabase, type TestDatabase } from './test-database';
export { testPostgres, type TestPostgres } from './test-postgres';
export { runDirectory, sharedFolder, sharedServer, type SharedServer } from './shared-server';
export {
  describeWithKafka,
  sharedKafka,
  testKafka,
  whyNoKafka,
  type TestKafka,
  type TestKafkaOptions,
} from './kafka';
