/** How long things may take, in milliseconds. */
export interface KafkaTiming {
  /**
   * Without a heart-beat for so long, a member counts as dead, and its message goes to another one. Five
   * beats: a machine whose cores all prove is slow to beat, but a killed prover's job shouldn't wait for
   * minutes.
   */
  readonly sessionTimeout: number;
  /**
   * When a member joins or leaves, the others have so long to end what they handle before they join again. It
   * is longer than any proof, so that a rebalance waits for proofs instead of throwing them away; the dead
   * are told from the busy by their heart-beats, not by this.
   */
  readonly rebalanceTimeout: number;
  /** A third of the session or less. */
  readonly heartbeatInterval: number;
  /**
   * So long a broker may hold a fetch that finds nothing: a member that has nothing to do notices a rebalance
   * this late at most.
   */
  readonly fetchWait: number;
  /** So long publishing is tried before it throws: through a broker's restart. */
  readonly publishTimeout: number;
}

export const KAFKA_TIMING: KafkaTiming = {
  sessionTimeout: 15_000,
  rebalanceTimeout: 600_000,
  heartbeatInterval: 3_000,
  fetchWait: 500,
  publishTimeout: 60_000,
};
