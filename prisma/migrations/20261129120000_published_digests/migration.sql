-- Digests of what a published snapshot's files hold, sealed like the witness: whoever can write to the database cannot change a file
-- together with its digest.
CREATE TABLE "published_digests" (
    "snapshot_id" VARCHAR(64) NOT NULL,
    "part" INTEGER NOT NULL DEFAULT 0,
    "digests" BYTEA NOT NULL,
    "witness_key_id" VARCHAR(64) NOT NULL,

    CONSTRAINT "published_digests_pkey" PRIMARY KEY ("snapshot_id", "part"),
    CONSTRAINT "published_digests_part" CHECK ("part" = 0)
);
ALTER TABLE "published_digests" ALTER COLUMN "digests" SET STORAGE EXTERNAL;
