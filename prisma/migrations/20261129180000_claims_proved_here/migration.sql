-- Claims that provers are to make for clients that cannot: the claim file and what is claimed, sealed, and gone as soon as there is an answer; then
-- the claim, sealed. Rows stay for minutes: "until" says how long, after it they are as good as gone, and the next request removes them.
CREATE TABLE "claim_proving" (
    "id" BYTEA NOT NULL,
    "snapshot_id" VARCHAR(64) NOT NULL,
    "caller" BYTEA NOT NULL,
    "account" BYTEA NOT NULL,
    "request" BYTEA,
    "claim" BYTEA,
    "witness_key_id" VARCHAR(64) NOT NULL,
    "failure" VARCHAR(64),
    "until" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3),

    CONSTRAINT "claim_proving_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "claim_proving_lengths" CHECK (
        octet_length("id") = 32 AND octet_length("caller") = 16 AND octet_length("account") = 16
        AND octet_length("request") <= 73728 AND octet_length("claim") <= 8192),
    -- It waits, is made, or failed: one of the three.
    CONSTRAINT "claim_proving_state" CHECK (num_nonnulls("request", "claim", "failure") = 1)
);
CREATE INDEX "claim_proving_until_idx" ON "claim_proving"("until");
