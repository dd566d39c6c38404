/** The services as whoever runs them knows them. */
export interface LocalServices {
  /** Of the gateway: `http://127.0.0.1:4000` */
  readonly url: string;
  /** 0x and 64 hex digits. */
  readonly operator: string;
  /** Of the operator: a secret. */
  readonly apiKey: string;
  /** Of a partner, who asks for claims; undefined where none are offered. A secret, too. */
  readonly partnerApiKey?: string | undefined;
  /** Where ingest reads balances. */
  readonly sourceDirectory: string;
  /** Seed of the operator's Ed25519 key: a secret. */
  readonly signing: Uint8Array;
}
