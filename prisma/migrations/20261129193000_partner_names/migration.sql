-- Names that an API key may ask for private claims in, given by whoever makes the key: a partner's scope, its challenges and the nullifiers
-- that are remembered in it are its own. Keys that were made before have none, and ask for no claims.
ALTER TABLE "api_key" ADD COLUMN "partners" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_partners" CHECK (cardinality("partners") <= 16 AND array_position("partners", NULL) IS NULL);
