-- Which coins, tokens and contracts of the operator's own the provers of reserves know, fixed with the nodes: SHA-256.
ALTER TABLE "reserves" ADD COLUMN "known" BYTEA;
ALTER TABLE "reserves" DROP CONSTRAINT "reserves_nodes_whole";
-- A publication whose nodes an earlier release had fixed is confirmed again: the MAC says more now.
UPDATE "reserves" SET "nodes" = NULL, "nodes_mac" = NULL WHERE "state" <> 'PUBLISHED';
UPDATE "reserves" SET "known" = sha256('{}') WHERE "nodes" IS NOT NULL;
ALTER TABLE "reserves" ADD CONSTRAINT "reserves_nodes_whole" CHECK (
    num_nonnulls("nodes", "nodes_mac", "known") IN (0, 3) AND octet_length("known") = 32);

-- Whether a part is yet to be judged, without a look at those that are.
CREATE INDEX "reserve_part_unjudged_idx" ON "reserve_part"("snapshot_id", "part") WHERE "judged_at" IS NULL;
-- Searching among the addresses of a network, or of an asset, reads no others.
CREATE INDEX "reserve_line_holding_idx" ON "reserve_line"("snapshot_id", "network", "asset", "address", "line");
