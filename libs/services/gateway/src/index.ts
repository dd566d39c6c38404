export { serveGateway } from './serve-gateway';
export { gateway } from './service';
export { DEFAULT_CONFIGURATION, type GatewayConfiguration } from './configuration';
export {
  VERIFICATION_THREADS,
  type GatewayResources,
  type InclusionWorkers,
  type Publisher,
} from './gateway-resources';
