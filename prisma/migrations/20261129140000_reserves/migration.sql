-- Publications of reserves, one for a snapshot: asked for with a MAC, read in parts by ingest, judged part by part and added up by provers,
-- published with a report. Like snapshots: attempts, a plan with a MAC, nothing half-published.
CREATE TYPE "ReservesState" AS ENUM ('REQUESTED', 'READING', 'JUDGING', 'PUBLISHED', 'FAILED');

CREATE TABLE "reserves" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "state" "ReservesState" NOT NULL DEFAULT 'REQUESTED',
    "source" TEXT NOT NULL,
    "failure" JSONB,
    "document" BYTEA,
    "lines" INTEGER,
    "bytes" BIGINT,
    "parts" INTEGER,
    "part_digests" BYTEA,
    "nodes" JSONB,
    "report" BYTEA,
    "digest" BYTEA,
    "digests" BYTEA,
    "witness_key_id" VARCHAR(64),
    "requested_by" TEXT,
    "request_mac" BYTEA,
    "plan_mac" BYTEA,
    "nodes_mac" BYTEA,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reading_at" TIMESTAMPTZ(3),
    "judging_at" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "reserves_pkey" PRIMARY KEY ("snapshot_id"),
    CONSTRAINT "reserves_id_form" CHECK ("snapshot_id" ~ '^[a-z0-9-]{1,64}$'),
    CONSTRAINT "reserves_attempt_range" CHECK ("attempt" BETWEEN 1 AND 1000000),
    CONSTRAINT "reserves_lengths" CHECK (
        octet_length("request_mac") = 32 AND octet_length("plan_mac") = 32 AND octet_length("nodes_mac") = 32
        AND octet_length("digest") = 32 AND octet_length("document") BETWEEN 1 AND 8388608),
    -- What ingest finds out is written in one go.
    CONSTRAINT "reserves_plan_whole" CHECK (
        num_nonnulls("document", "lines", "bytes", "parts", "part_digests", "plan_mac") IN (0, 6)
        AND ("state" NOT IN ('JUDGING', 'PUBLISHED') OR "plan_mac" IS NOT NULL)),
    CONSTRAINT "reserves_plan_range" CHECK (
        "lines" >= 0 AND "bytes" >= 0 AND "parts" BETWEEN 0 AND 65536 AND octet_length("part_digests") = 32 * "parts"),
    CONSTRAINT "reserves_nodes_whole" CHECK (num_nonnulls("nodes", "nodes_mac") IN (0, 2)),
    -- Nothing is half-published.
    CONSTRAINT "reserves_published_whole" CHECK (
        num_nonnulls("report", "digest", "digests", "witness_key_id", "published_at") = CASE "state" WHEN 'PUBLISHED' THEN 5 ELSE 0 END),
    CONSTRAINT "reserves_failed_whole" CHECK (
        num_nonnulls("failure", "failed_at") = CASE "state" WHEN 'FAILED' THEN 2 ELSE 0 END)
);
CREATE INDEX "reserves_state_idx" ON "reserves"("state");

-- Whole lines of reserve-addresses.ndjson, up to a MiB of them, and what they were judged to be.
CREATE TABLE "reserve_part" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "part" INTEGER NOT NULL,
    "first_line" INTEGER NOT NULL,
    "lines" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "judged" BYTEA,
    "judged_mac" BYTEA,
    "line_hashes" BYTEA,
    "judged_at" TIMESTAMPTZ(3),

    CONSTRAINT "reserve_part_pkey" PRIMARY KEY ("snapshot_id", "part"),
    CONSTRAINT "reserve_part_range" CHECK (
        "part" BETWEEN 0 AND 65535 AND "first_line" >= 1 AND "lines" >= 1 AND octet_length("content") BETWEEN 1 AND 2097152),
    CONSTRAINT "reserve_part_lengths" CHECK (
        octet_length("digest") = 32 AND octet_length("judged_mac") = 32 AND octet_length("line_hashes") = 32 * "lines"),
    CONSTRAINT "reserve_part_judged_whole" CHECK (num_nonnulls("judged", "judged_mac", "line_hashes", "judged_at") IN (0, 4))
);
-- Read in slices, for ranges of the file.
ALTER TABLE "reserve_part" ALTER COLUMN "content" SET STORAGE EXTERNAL;
ALTER TABLE "reserve_part" ALTER COLUMN "line_hashes" SET STORAGE EXTERNAL;

-- A line as the list shows it, without its evidence. Whoever shows one compares it with the part's line_hashes.
CREATE TABLE "reserve_line" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "line" INTEGER NOT NULL,
    "network" VARCHAR(64) COLLATE "C" NOT NULL,
    "asset" VARCHAR(16) COLLATE "C" NOT NULL,
    "token" VARCHAR(128) COLLATE "C",
    "address" VARCHAR(128) COLLATE "C" NOT NULL,
    "amount" VARCHAR(39) NOT NULL,
    "class" VARCHAR(16) NOT NULL,
    "control" VARCHAR(16) NOT NULL,
    "level" VARCHAR(16) NOT NULL,
    "reason" VARCHAR(16),

    CONSTRAINT "reserve_line_pkey" PRIMARY KEY ("snapshot_id", "line")
);
CREATE INDEX "reserve_line_address_idx" ON "reserve_line"("snapshot_id", "address", "line");

-- What is published stays, as of snapshots; the owner alone may seal it under another witness key.
CREATE FUNCTION "published_reserves_stay"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the reserves of % are published: their row stays as it is', OLD.snapshot_id USING ERRCODE = '55000';
END $$;
CREATE TRIGGER "published_reserves_stay" BEFORE UPDATE ON "reserves" FOR EACH ROW WHEN (OLD.state = 'PUBLISHED')
    EXECUTE FUNCTION "published_reserves_stay"();

-- Empties what an earlier attempt made, with the owner's rights, and of what was just requested alone.
CREATE FUNCTION "prepare_reserves"("wanted" TEXT) RETURNS VOID LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM FROM reserves WHERE snapshot_id = wanted AND state = 'REQUESTED' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the reserves of % are not just requested: their data stays', wanted USING ERRCODE = '55000';
    END IF;
    DELETE FROM reserve_part WHERE snapshot_id = wanted;
    DELETE FROM reserve_line WHERE snapshot_id = wanted;
END $$;

DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION prepare_reserves(text) SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE EXECUTE ON FUNCTION "prepare_reserves"(TEXT) FROM PUBLIC;
