export { serveGateway } from './serve-gateway';
export { startGateway } from './start-gateway';
export { readGatewayEnvironment, type GatewayEnvironment } from './environment';
export { DEFAULT_CONFIGURATION, type GatewayConfiguration } from './configuration';
export type { GatewayResources, InclusionWorkers, Publisher } from './gateway-parts';
