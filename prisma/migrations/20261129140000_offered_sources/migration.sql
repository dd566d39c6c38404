-- What lies in ingest's source folder, as ingest saw it last, for operators to choose from. One row. It is a hint and
-- nothing rests on it: a request names its source itself, with a MAC, and ingest looks where that leads.
CREATE TABLE "source_listing" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "sources" JSONB NOT NULL,
    "more" BOOLEAN NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "source_listing_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "source_listing_one" CHECK ("id" = 1)
);
