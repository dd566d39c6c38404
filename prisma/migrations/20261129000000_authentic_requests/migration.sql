-- What was asked for and what ingest found carry a MAC under a key that the database does not hold: a row that somebody wrote is
-- not work. Rows of before have none: what is published stays, what is unfinished fails and is to be requested again.

ALTER TABLE "snapshot" ADD COLUMN "request_mac" BYTEA;
ALTER TABLE "snapshot" ADD COLUMN "plan_mac" BYTEA;
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_mac_lengths" CHECK (octet_length("request_mac") = 32 AND octet_length("plan_mac") = 32);

ALTER TABLE "sealed_bundle" ADD COLUMN "request_mac" BYTEA;
ALTER TABLE "sealed_bundle" ADD CONSTRAINT "sealed_bundle_mac_length" CHECK (octet_length("request_mac") = 32);
