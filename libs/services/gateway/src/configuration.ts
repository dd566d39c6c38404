import type { OperationClass, Rate } from './access/rate-limits';

/** All that a gateway can be told; `environment.ts` reads it from variables. */
export interface GatewayConfiguration {
  readonly http: { readonly host: string; readonly port: number };
  /** Where clients reach this gateway, without a slash at its end; by default where it listens. */
  readonly publicUrl: string | undefined;
  /** The key that requested snapshots must name: 0x and 64 hex digits. */
  readonly operator: string | undefined;
  /** Origins of pages that may ask; `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Introspection, and the page to try queries on. */
  readonly introspection: boolean;
  /** Where the web page's files are; by default beside the program. */
  readonly pageFolder?: string;
  /** Proxies whose X-Forwarded-For is believed: addresses and networks, or how many stand in front. */
  readonly trustProxy: readonly string[] | number | false;
  /** Worker threads that prove and verify inclusions. */
  readonly inclusionWorkers: number;
  /** Worker threads of one global verification. */
  readonly verifyWorkers: number;
  /** Inclusion documents held in memory, in bytes, and for how long, in seconds. */
  readonly cacheBytes: number;
  readonly cacheSeconds: number;
  /** Longest body of ordinary operations, in bytes. */
  readonly bodyBytes: number;
  readonly queryLength: number;
  readonly queryDepth: number;
  readonly queryCost: number;
  /** Operations a minute. */
  readonly rates: Readonly<Record<OperationClass, Rate>>;
}

export const DEFAULT_CONFIGURATION: GatewayConfiguration = {
  http: { host: '127.0.0.1', port: 4000 },
  publicUrl: undefined,
  operator: undefined,
  corsOrigins: [],
  introspection: false,
  trustProxy: false,
  inclusionWorkers: 1,
  verifyWorkers: 1,
  cacheBytes: 256 * 1024 * 1024,
  cacheSeconds: 300,
  bodyBytes: 64 * 1024,
  queryLength: 16_384,
  queryDepth: 8,
  queryCost: 600,
  rates: {
    lookup: { address: 60, key: 6000 },
    verification: { address: 30, key: 600 },
    other: { address: 600, key: 6000 },
  },
};

/**
 * Of a body that carries an inclusion proof, or a configuration of hundreds of assets: 1 MiB, which JSON may
 * escape to twice that.
 */
export const LARGE_BODY_BYTES = 2 * 1024 * 1024 + 64 * 1024;
/** Tokens of a query. */
export const MAX_TOKENS = 2000;
