import type { Rates } from './access/rate-limits';
import type { DownloadPlaces } from './http/downloads';

/** All that a gateway can be told; `environment.ts` reads it from variables. */
export interface GatewayConfiguration {
  readonly http: { readonly host: string; readonly port: number };
  /** Where /metrics, /healthz and /readyz are answered, for the operator alone; nowhere unless given. */
  readonly probes: { readonly host: string; readonly port: number } | undefined;
  /** Where clients reach this gateway, without a slash at its end; by default where it listens. */
  readonly publicUrl: string | undefined;
  /** The key that requested snapshots must name: 0x and 64 hex digits. */
  readonly operator: string | undefined;
  /** Origins of pages that may ask; `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Origins of sites that may show the web page in a frame. */
  readonly framedBy: readonly string[];
  /** Introspection, and the page to try queries on. */
  readonly introspection: boolean;
  /** Where the web page's files are; by default beside the program. */
  readonly pageFolder?: string;
  /** Where keys of private claims lie, as `solvent ceremony export` writes them; without it none is served, and no claim verified. */
  readonly claimKeys: string | undefined;
  /** Verifies claims made with a development set-up, too, and says so in every answer. */
  readonly claimDevelopment: boolean;
  /** Has provers make claims for clients that cannot, with the same keys; and for how many seconds they are waited for. */
  readonly claimProving: boolean;
  readonly claimSeconds: number;
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
  /** In leaves of some hundred bytes. */
  readonly queryCost: number;
  /** Longest answer to a query, in bytes. */
  readonly answerBytes: number;
  /** Downloads under way at once. */
  readonly downloads: DownloadPlaces;
  /** Requests of any kind, and operations, a minute. */
  readonly rates: Rates;
}

export const DEFAULT_CONFIGURATION: GatewayConfiguration = {
  http: { host: '127.0.0.1', port: 4000 },
  probes: undefined,
  publicUrl: undefined,
  operator: undefined,
  corsOrigins: [],
  framedBy: [],
  introspection: false,
  claimKeys: undefined,
  claimDevelopment: false,
  claimProving: false,
  claimSeconds: 20,
  trustProxy: false,
  inclusionWorkers: 1,
  verifyWorkers: 1,
  cacheBytes: 256 * 1024 * 1024,
  cacheSeconds: 300,
  bodyBytes: 64 * 1024,
  queryLength: 16_384,
  queryDepth: 8,
  queryCost: 10_000,
  answerBytes: 8 * 1024 * 1024,
  downloads: { address: 32, all: 256 },
  rates: {
    request: { address: 1200, key: 12_000 },
    lookup: { address: 60, key: 6000 },
    verification: { address: 30, key: 600 },
    proving: { address: 3, key: 30 },
    other: { address: 600, key: 6000 },
  },
};

/** Longest body that carries an inclusion proof: 64 KiB, which JSON may escape to twice that. */
export const DOCUMENT_BODY_BYTES = 160 * 1024;
/** Of one that carries a configuration of hundreds of assets: 1 MiB, likewise. */
export const LARGE_BODY_BYTES = 2 * 1024 * 1024 + 64 * 1024;
/** Tokens of a query. */
export const MAX_QUERY_TOKENS = 2000;
