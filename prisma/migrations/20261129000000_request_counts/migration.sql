-- What callers asked for in a minute, over all gateways. Unlogged: after a crash everybody begins anew, and the
-- write-ahead log carries none of it. `name` is a keyed hash of what has the allowance: no address stands here.
CREATE UNLOGGED TABLE "request_count" (
    "minute" INTEGER NOT NULL,
    "name" BYTEA NOT NULL,
    "taken" BIGINT NOT NULL,

    CONSTRAINT "request_count_pkey" PRIMARY KEY ("minute", "name"),
    CONSTRAINT "request_count_name" CHECK (octet_length("name") = 16)
);
