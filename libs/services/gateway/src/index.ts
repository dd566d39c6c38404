export { startGateway, type Gateway } from './start-gateway';
export { DEFAULT_CONFIGURATION, type GatewayConfiguration } from './configuration';
export type { EventPublisher, GatewayLog, GatewayResources, InclusionWorkers } from './gateway-parts';
