import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { AccessMeter } from './access/access-meter';
import type { Limited } from './access/rate-limits';
import type { SocketRefusal } from './graphql/subscriptions';
import type { ProvingOutcome } from './claims/prove-claim';
import type { ClaimOutcome } from './claims/verify-claim';
import type { ClaimFileOutcome } from './lookup/claim-lookup';
import type { LookupOutcome } from './lookup/inclusion-lookup';
import type { VerifyOutcome } from './verify/verify-inclusion';

/** What is checked when it is read from the database, or from a folder of the operator's. */
export type StoredThing =
  'kept-proof' | 'cells' | 'manifest' | 'global-proof' | 'bundle' | 'reserves' | 'claim-key';

/** What the gateway counts and times; no label ever holds an id. */
export class GatewayMetrics extends AccessMeter {
  readonly #lookups: Counter<'outcome'>;
  readonly #claims: Counter<'outcome'>;
  readonly #cache: Counter<'result'>;
  readonly #limited: Counter<'class'>;
  readonly #keysRefused: Counter;
  readonly #forbidden: Counter;
  readonly #sockets: Counter<'reason'>;
  readonly #damaged: Counter<'what'>;
  readonly #claimFiles: Counter<'outcome'>;
  readonly #challenges: Counter;
  readonly #claimSeconds: Histogram<'outcome'>;
  readonly #inclusionSeconds: Histogram;
  readonly #verifySeconds: Histogram<'outcome'>;
  readonly #globalSeconds: Gauge;
  readonly #httpSeconds: Histogram<'route' | 'method' | 'status'>;

  constructor(
    registry: Registry,
    gauges: {
      readonly waiting: () => number;
      readonly verifying: () => number;
      readonly downloads: () => number;
      readonly cacheBytes: () => number;
    },
  ) {
    super();
    const registers = [registry];
    this.#lookups = new Counter({
      name: 'solvent_gateway_lookups_total',
      help: 'Look-ups of inclusion proofs by how they ended.',
      labelNames: ['outcome'],
      registers,
    });
    this.#claims = new Counter({
      name: 'solvent_gateway_claims_proved_total',
      help: 'Private claims that provers were to make for clients, by how they ended.',
      labelNames: ['outcome'],
      registers,
    });
    this.#claimFiles = new Counter({
      name: 'solvent_gateway_claim_files_total',
      help: 'Claim files asked for: handed out, refused to who has not the access, nor the account, or failed.',
      labelNames: ['outcome'],
      registers,
    });
    this.#challenges = new Counter({
      name: 'solvent_gateway_claim_challenges_total',
      help: 'Challenges given out to partners.',
      registers,
    });
    this.#claimSeconds = new Histogram({
      name: 'solvent_gateway_verify_claim_seconds',
      help: 'Time to verify a private claim, waiting for its worker included.',
      labelNames: ['outcome'],
      buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers,
    });
    this.#cache = new Counter({
      name: 'solvent_gateway_document_cache_total',
      help: 'Look-ups in the memory of inclusion documents.',
      labelNames: ['result'],
      registers,
    });
    this.#limited = new Counter({
      name: 'solvent_gateway_rate_limited_total',
      help: 'Requests and operations refused because their caller asked too often.',
      labelNames: ['class'],
      registers,
    });
    this.#keysRefused = new Counter({
      name: 'solvent_gateway_keys_refused_total',
      help: 'Requests and sockets with an unknown, expired or revoked API key.',
      registers,
    });
    this.#forbidden = new Counter({
      name: 'solvent_gateway_forbidden_total',
      help: 'Operations refused because the role of their caller does not reach.',
      registers,
    });
    this.#sockets = new Counter({
      name: 'solvent_gateway_sockets_refused_total',
      help: 'WebSockets refused or cut: on another path, too many open, a key no longer good, too many messages, too much unread.',
      labelNames: ['reason'],
      registers,
    });
    this.#damaged = new Counter({
      name: 'solvent_gateway_stored_damage_total',
      help: 'Stored data found damaged or altered when it was asked for; the log names it.',
      labelNames: ['what'],
      registers,
    });
    this.#inclusionSeconds = new Histogram({
      name: 'solvent_gateway_inclusion_task_seconds',
      help: 'Time a worker took for inclusion proofs of one batch.',
      buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    });
    this.#verifySeconds = new Histogram({
      name: 'solvent_gateway_verify_inclusion_seconds',
      help: 'Time a worker took to verify an inclusion proof.',
      labelNames: ['outcome'],
      buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers,
    });
    this.#globalSeconds = new Gauge({
      name: 'solvent_gateway_verify_global_seconds',
      help: 'Time the last verification of a whole global proof took.',
      registers,
    });
    this.#httpSeconds = new Histogram({
      name: 'solvent_gateway_http_request_seconds',
      help: 'Time from the request to the end of its answer.',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    observed('solvent_gateway_inclusion_waiting', 'Rows that wait for a worker.', gauges.waiting, registers);
    observed(
      'solvent_gateway_verifications_waiting',
      'Verifications that wait for their worker.',
      gauges.verifying,
      registers,
    );
    observed(
      'solvent_gateway_downloads',
      'Places that downloads and long answers take.',
      gauges.downloads,
      registers,
    );
    observed(
      'solvent_gateway_document_cache_bytes',
      'Inclusion documents held in memory.',
      gauges.cacheBytes,
      registers,
    );
  }

  lookup(outcome: LookupOutcome): void {
    this.#lookups.inc({ outcome });
    this.#cache.inc({ result: outcome === 'kept-memory' ? 'hit' : 'miss' });
  }

  provedClaim(outcome: ProvingOutcome): void {
    this.#claims.inc({ outcome });
  }

  claimFile(outcome: ClaimFileOutcome): void {
    this.#claimFiles.inc({ outcome });
  }

  challengeGiven(): void {
    this.#challenges.inc();
  }

  verifiedClaim(seconds: number, outcome: ClaimOutcome): void {
    this.#claimSeconds.observe({ outcome }, seconds);
  }

  limited(what: Limited): void {
    this.#limited.inc({ class: what });
  }

  keyRefused(): void {
    this.#keysRefused.inc();
  }

  forbidden(): void {
    this.#forbidden.inc();
  }

  socketRefused(reason: SocketRefusal): void {
    this.#sockets.inc({ reason });
  }

  damaged(what: StoredThing): void {
    this.#damaged.inc({ what });
  }

  inclusionTask(seconds: number): void {
    this.#inclusionSeconds.observe(seconds);
  }

  verifiedInclusion(seconds: number, outcome: VerifyOutcome): void {
    this.#verifySeconds.observe({ outcome }, seconds);
  }

  verifiedGlobal(seconds: number): void {
    this.#globalSeconds.set(seconds);
  }

  /** @param route the pattern, never the address asked for */
  http(route: string, method: string, status: number, seconds: number): void {
    this.#httpSeconds.observe({ route, method, status: String(status) }, seconds);
  }
}

function observed(name: string, help: string, read: () => number, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
