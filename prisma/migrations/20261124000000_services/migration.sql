-- The tables of the services, as schema.prisma names them, and what Prisma cannot say: checks, the partitions of account_entry,
-- the index that keeps the chain of manifests from forking, and storage without compression for bytes that look random.
-- Needs PostgreSQL 15 (NULLS NOT DISTINCT).

CREATE TYPE "SnapshotState" AS ENUM ('REQUESTED', 'INGESTING', 'PROVING', 'PUBLISHED', 'FAILED');
CREATE TYPE "SealingState" AS ENUM ('REQUESTED', 'SEALING', 'SEALED', 'FAILED');
CREATE TYPE "ApiRole" AS ENUM ('PARTNER', 'AUDITOR', 'OPERATOR');

CREATE TABLE "snapshot" (
    "id" VARCHAR(64) NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "state" "SnapshotState" NOT NULL DEFAULT 'REQUESTED',
    "config" JSONB NOT NULL,
    "header" JSONB NOT NULL,
    "header_digest" BYTEA NOT NULL,
    "taken_at" TIMESTAMPTZ(0) NOT NULL,
    "source" TEXT NOT NULL,
    "failure" JSONB,
    "source_digest" BYTEA,
    "accounts" INTEGER,
    "batches_per_proof" INTEGER,
    "batch_count" INTEGER,
    "manifest" BYTEA,
    "manifest_digest" BYTEA,
    "previous_digest" BYTEA,
    "requested_by" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ingesting_at" TIMESTAMPTZ(3),
    "proving_at" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "private_data_dropped_at" TIMESTAMPTZ(3),

    CONSTRAINT "snapshot_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "snapshot_id_form" CHECK ("id" ~ '^[a-z0-9-]{1,64}$'),
    CONSTRAINT "snapshot_id_of_header" CHECK ("header" ->> 'snapshot' = "id" AND "header" ->> 'operator' ~ '^0x[0-9a-f]{64}$'),
    CONSTRAINT "snapshot_attempt_range" CHECK ("attempt" BETWEEN 1 AND 1000000),
    CONSTRAINT "snapshot_digest_lengths" CHECK (
        octet_length("header_digest") = 32 AND octet_length("source_digest") = 32
        AND octet_length("manifest_digest") = 32 AND octet_length("previous_digest") = 32),
    -- What ingest finds out is written in one go.
    CONSTRAINT "snapshot_plan_whole" CHECK (num_nonnulls("source_digest", "accounts", "batches_per_proof", "batch_count") IN (0, 4)),
    CONSTRAINT "snapshot_plan_range" CHECK (
        "accounts" >= 0 AND "batches_per_proof" BETWEEN 1 AND 192 AND "batch_count" BETWEEN 1 AND 65536
        AND "accounts" <= 4080::BIGINT * "batch_count"),
    CONSTRAINT "snapshot_plan_before_proving" CHECK ("state" NOT IN ('PROVING', 'PUBLISHED') OR "batch_count" IS NOT NULL),
    -- Nothing is half-published: a manifest is there exactly when the state says so.
    CONSTRAINT "snapshot_published_whole" CHECK (
        num_nonnulls("manifest", "manifest_digest", "published_at") = CASE "state" WHEN 'PUBLISHED' THEN 3 ELSE 0 END
        AND ("previous_digest" IS NULL OR "state" = 'PUBLISHED')),
    CONSTRAINT "snapshot_failed_whole" CHECK (
        num_nonnulls("failure", "failed_at") = CASE "state" WHEN 'FAILED' THEN 2 ELSE 0 END),
    CONSTRAINT "snapshot_dropped_when_done" CHECK ("private_data_dropped_at" IS NULL OR "state" IN ('PUBLISHED', 'FAILED'))
);

CREATE INDEX "snapshot_state_idx" ON "snapshot"("state");
CREATE INDEX "snapshot_taken_at_idx" ON "snapshot"("taken_at");
CREATE UNIQUE INDEX "snapshot_manifest_digest_key" ON "snapshot"("manifest_digest");
-- No two manifests of one operator follow the same one, and only one is the first.
CREATE UNIQUE INDEX "snapshot_chain" ON "snapshot"(("header" ->> 'operator'), "previous_digest") NULLS NOT DISTINCT
    WHERE "state" = 'PUBLISHED';

CREATE TABLE "proof" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "first" INTEGER NOT NULL,
    "batches" INTEGER NOT NULL,
    "proof" BYTEA NOT NULL,
    "proof_bytes" INTEGER NOT NULL,
    "seconds" REAL NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "proof_pkey" PRIMARY KEY ("snapshot_id", "first"),
    CONSTRAINT "proof_range" CHECK ("first" >= 0 AND "batches" BETWEEN 1 AND 192 AND "first" + "batches" <= 65536),
    CONSTRAINT "proof_length" CHECK ("proof_bytes" > 0 AND octet_length("proof") = "proof_bytes"),
    CONSTRAINT "proof_seconds_range" CHECK ("seconds" >= 0)
);
-- Commitments and ciphertext do not compress.
ALTER TABLE "proof" ALTER COLUMN "proof" SET STORAGE EXTERNAL;

CREATE TABLE "batch" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "batch" INTEGER NOT NULL,
    "first" INTEGER NOT NULL,
    "accounts" INTEGER NOT NULL,
    "witness" BYTEA,
    "witness_key_id" VARCHAR(64),

    CONSTRAINT "batch_pkey" PRIMARY KEY ("snapshot_id", "batch"),
    CONSTRAINT "batch_range" CHECK ("first" >= 0 AND "batch" BETWEEN "first" AND 65535 AND "batch" < "first" + 192),
    CONSTRAINT "batch_accounts_range" CHECK ("accounts" BETWEEN 0 AND 4080),
    CONSTRAINT "batch_witness_whole" CHECK (num_nonnulls("witness", "witness_key_id") IN (0, 2))
);
ALTER TABLE "batch" ALTER COLUMN "witness" SET STORAGE EXTERNAL;

CREATE TABLE "batch_cells" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "batch" INTEGER NOT NULL,
    "cells" BYTEA NOT NULL,
    "witness_key_id" VARCHAR(64) NOT NULL,

    CONSTRAINT "batch_cells_pkey" PRIMARY KEY ("snapshot_id", "batch"),
    CONSTRAINT "batch_cells_range" CHECK ("batch" BETWEEN 0 AND 65535)
);
ALTER TABLE "batch_cells" ALTER COLUMN "cells" SET STORAGE EXTERNAL;

CREATE TABLE "batch_prefixes" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "batch" INTEGER NOT NULL,
    "prefixes" BYTEA NOT NULL,
    "witness_key_id" VARCHAR(64) NOT NULL,

    CONSTRAINT "batch_prefixes_pkey" PRIMARY KEY ("snapshot_id", "batch"),
    CONSTRAINT "batch_prefixes_range" CHECK ("batch" BETWEEN 0 AND 65535)
);
ALTER TABLE "batch_prefixes" ALTER COLUMN "prefixes" SET STORAGE EXTERNAL;

CREATE TABLE "sealed_bundle" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "state" "SealingState" NOT NULL DEFAULT 'REQUESTED',
    "bits" INTEGER,
    "entries" INTEGER,
    "index" BYTEA,
    "tree" BYTEA,
    "failure" JSONB,
    "requested_by" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sealed_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "sealed_bundle_pkey" PRIMARY KEY ("snapshot_id"),
    CONSTRAINT "sealed_bundle_shape" CHECK (
        num_nonnulls("bits", "entries") IN (0, 2) AND "bits" BETWEEN 0 AND 16 AND "entries" >= 1
        AND ("state" NOT IN ('SEALING', 'SEALED') OR "bits" IS NOT NULL)),
    -- Nothing is half-served: index and tree are there exactly when the state says so.
    CONSTRAINT "sealed_bundle_whole" CHECK (
        num_nonnulls("index", "tree", "sealed_at") = CASE "state" WHEN 'SEALED' THEN 3 ELSE 0 END),
    CONSTRAINT "sealed_bundle_failed_whole" CHECK (
        num_nonnulls("failure", "failed_at") = CASE "state" WHEN 'FAILED' THEN 2 ELSE 0 END)
);
CREATE INDEX "sealed_bundle_state_idx" ON "sealed_bundle"("state");
ALTER TABLE "sealed_bundle" ALTER COLUMN "tree" SET STORAGE EXTERNAL;

-- Uncompressed, so that a slice of a row is read without the rest of it.
CREATE TABLE "sealed_entries" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "batch" INTEGER NOT NULL,
    "entries" BYTEA NOT NULL,

    CONSTRAINT "sealed_entries_pkey" PRIMARY KEY ("snapshot_id", "batch"),
    CONSTRAINT "sealed_entries_range" CHECK ("batch" BETWEEN 0 AND 65535)
);
ALTER TABLE "sealed_entries" ALTER COLUMN "entries" SET STORAGE EXTERNAL;

CREATE TABLE "sealed_shard" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "number" INTEGER NOT NULL,
    "entries" BYTEA NOT NULL,
    "leaf" BYTEA NOT NULL,
    "path" BYTEA,

    CONSTRAINT "sealed_shard_pkey" PRIMARY KEY ("snapshot_id", "number"),
    CONSTRAINT "sealed_shard_range" CHECK ("number" BETWEEN 0 AND 65535 AND octet_length("leaf") = 32)
);
ALTER TABLE "sealed_shard" ALTER COLUMN "entries" SET STORAGE EXTERNAL;

-- A snapshot's partition is made when it is requested and dropped by retention, so that neither touches the others' rows.
CREATE TABLE "account_entry" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "lookup_key" BYTEA NOT NULL,
    "batch" INTEGER NOT NULL,
    "row" SMALLINT NOT NULL,

    CONSTRAINT "account_entry_pkey" PRIMARY KEY ("snapshot_id", "lookup_key"),
    CONSTRAINT "account_entry_form" CHECK (
        octet_length("lookup_key") = 32 AND "batch" BETWEEN 0 AND 65535 AND "row" BETWEEN 0 AND 4079)
) PARTITION BY LIST ("snapshot_id");

CREATE TABLE "tree_node" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "start" INTEGER NOT NULL,
    "size" INTEGER NOT NULL,
    "hash" BYTEA NOT NULL,
    "sum" BYTEA NOT NULL,

    CONSTRAINT "tree_node_pkey" PRIMARY KEY ("snapshot_id", "start", "size"),
    CONSTRAINT "tree_node_range" CHECK ("start" >= 0 AND "size" >= 1 AND "start" + "size" <= 65536),
    CONSTRAINT "tree_node_lengths" CHECK (octet_length("hash") = 32 AND octet_length("sum") = 48)
);

CREATE TABLE "inclusion_document" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "lookup_key" BYTEA NOT NULL,
    "document" BYTEA NOT NULL,
    "witness_key_id" VARCHAR(64) NOT NULL,

    CONSTRAINT "inclusion_document_pkey" PRIMARY KEY ("snapshot_id", "lookup_key"),
    CONSTRAINT "inclusion_document_key_length" CHECK (octet_length("lookup_key") = 32)
);
ALTER TABLE "inclusion_document" ALTER COLUMN "document" SET STORAGE EXTERNAL;

CREATE TABLE "job_part" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "first" INTEGER NOT NULL,
    "payload_digest" BYTEA NOT NULL,
    "part" INTEGER NOT NULL,
    "payload" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "job_part_pkey" PRIMARY KEY ("snapshot_id", "first", "payload_digest", "part"),
    CONSTRAINT "job_part_range" CHECK (
        "first" BETWEEN 0 AND 65535 AND "part" BETWEEN 0 AND 255 AND octet_length("payload_digest") = 32)
);
ALTER TABLE "job_part" ALTER COLUMN "payload" SET STORAGE EXTERNAL;

CREATE TABLE "api_key" (
    "id" VARCHAR(16) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "role" "ApiRole" NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_key_form" CHECK ("id" ~ '^[0-9a-f]{16}$' AND octet_length("secret_hash") = 32 AND "name" <> '')
);

CREATE TABLE "audit_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" VARCHAR(64) NOT NULL,
    "action" VARCHAR(64) NOT NULL,
    "target" VARCHAR(128) NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "audit_event_at_idx" ON "audit_event"("at");

-- What operators did is added to, never changed.
CREATE FUNCTION "audit_event_stays"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_event is append-only';
END $$;
CREATE TRIGGER "audit_event_stays" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_event_stays"();

CREATE TABLE "global_verification" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL,
    "batches_done" INTEGER NOT NULL DEFAULT 0,
    "batch_count" INTEGER NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "valid" BOOLEAN,
    "verdict" JSONB,

    CONSTRAINT "global_verification_pkey" PRIMARY KEY ("snapshot_id"),
    CONSTRAINT "global_verification_range" CHECK (
        "batch_count" BETWEEN 1 AND 65536 AND "batches_done" BETWEEN 0 AND "batch_count")
);
