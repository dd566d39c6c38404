export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres';
export { freePort, freePorts } from './free-ports';
export { endWithUs } from './end-with-us';
