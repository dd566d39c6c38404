-- Challenges for private claims, given out by the gateways to partners: each is taken once, by the key that asked for it and in its scope. They
-- stay a while after they expired, so that it can be said why one is refused.
CREATE TABLE "claim_challenge" (
    "challenge" BYTEA NOT NULL,
    "scope" BYTEA NOT NULL,
    "api_key_id" VARCHAR(64) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3),

    CONSTRAINT "claim_challenge_pkey" PRIMARY KEY ("challenge"),
    CONSTRAINT "claim_challenge_lengths" CHECK (octet_length("challenge") = 31 AND octet_length("scope") = 31)
);
-- How many a key has open, and which are too old.
CREATE INDEX "claim_challenge_api_key_id_idx" ON "claim_challenge"("api_key_id");
CREATE INDEX "claim_challenge_expires_at_idx" ON "claim_challenge"("expires_at");

-- Nullifiers of claims that held, by claim tree and scope: the same one again is the same account again. The tables of accounts lead to none
-- of them without the operator's claim key. They are never removed: a second use must be known for ever.
CREATE TABLE "claim_nullifier" (
    "claim_root" BYTEA NOT NULL,
    "scope" BYTEA NOT NULL,
    "nullifier" BYTEA NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "claim_nullifier_pkey" PRIMARY KEY ("claim_root", "scope", "nullifier"),
    CONSTRAINT "claim_nullifier_lengths" CHECK (
        octet_length("claim_root") = 32 AND octet_length("scope") = 31 AND octet_length("nullifier") = 32)
);
