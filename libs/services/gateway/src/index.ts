export { serveGateway } from './serve-gateway';
export { gateway } from './service';
export { DEFAULT_CONFIGURATION, type GatewayConfiguration } from './configuration';
export type { GatewayResources, InclusionWorkers, Publisher } from './gateway-parts';
