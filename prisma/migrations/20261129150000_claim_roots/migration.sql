-- Roots of the batches' claim trees of a published snapshot (specification, section 13): paths of claim files go on from them. Not sealed: they
-- show nothing, and whoever reads them compares what they lead to with the signed manifest.
CREATE TABLE "claim_roots" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "roots" BYTEA NOT NULL,

    CONSTRAINT "claim_roots_pkey" PRIMARY KEY ("snapshot_id"),
    CONSTRAINT "claim_roots_length" CHECK (octet_length("roots") % 32 = 0 AND octet_length("roots") BETWEEN 32 AND 2097152)
);
-- Hashes do not compress.
ALTER TABLE "claim_roots" ALTER COLUMN "roots" SET STORAGE EXTERNAL;
