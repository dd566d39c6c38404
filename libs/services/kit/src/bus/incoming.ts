/** A message as it arrives, whichever way it came. */
export interface Incoming {
  readonly topic: string;
  readonly partition: number;
  /** Decimal: Kafka's offsets are 64 bits long. */
  readonly offset: string;
  readonly key: string;
  readonly value: Uint8Array;
  /** Headers in lower case; of several with one name, one. */
  readonly headers: Readonly<Record<string, string>>;
}
