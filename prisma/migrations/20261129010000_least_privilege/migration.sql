-- What lets services do with few rights what they could not do with few rights before: a chained audit that is only ever added to,
-- and the making of an attempt's storage, which needs the owner of the tables. Who may do what stands in roles.ts: `solvent db migrate`
-- grants it.

-- The audit: each line binds the one before. Number, time and digest are the database's own, made one line after the other.
ALTER TABLE "audit_event" ADD COLUMN "hash" BYTEA;
ALTER TABLE "audit_event" ALTER COLUMN "id" DROP DEFAULT;
DROP SEQUENCE "audit_event_id_seq";

-- SHA-256 of the digest before, and of all fields, each behind its length in bytes.
CREATE FUNCTION "audit_event_hash"("before" BYTEA, "e" "audit_event") RETURNS BYTEA LANGUAGE sql STABLE AS $$
    SELECT sha256(before || convert_to('solvent/v1/audit', 'UTF8') || convert_to(string_agg(octet_length(f) || ':' || f, '' ORDER BY n), 'UTF8'))
    FROM unnest(ARRAY[e.id::text, round(extract(epoch FROM e.at) * 1000)::bigint::text, e.actor, e.action, e.target, e.details::text])
        WITH ORDINALITY u(f, n)
$$;

CREATE FUNCTION "audit_event_chain"() RETURNS TRIGGER LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    "last" "audit_event";
BEGIN
    -- lockNumber('audit'). Held until the line is committed: the next one sees it.
    PERFORM pg_advisory_xact_lock(-6353977905392571924);
    SELECT * INTO last FROM audit_event ORDER BY id DESC LIMIT 1;
    NEW.id := coalesce(last.id, 0) + 1;
    NEW.at := date_trunc('milliseconds', clock_timestamp());
    NEW.hash := audit_event_hash(coalesce(last.hash, decode(repeat('00', 32), 'hex')), NEW);
    RETURN NEW;
END $$;

ALTER TABLE "audit_event" DISABLE TRIGGER "audit_event_stays";
DO $$
DECLARE
    "e" "audit_event";
    "before" BYTEA := decode(repeat('00', 32), 'hex');
BEGIN
    FOR e IN SELECT * FROM audit_event ORDER BY id LOOP
        before := audit_event_hash(before, e);
        UPDATE audit_event SET hash = before WHERE id = e.id;
    END LOOP;
END $$;
ALTER TABLE "audit_event" ENABLE TRIGGER "audit_event_stays";
ALTER TABLE "audit_event" ALTER COLUMN "hash" SET NOT NULL;
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_hash_length" CHECK (octet_length("hash") = 32);
CREATE TRIGGER "audit_event_chain" BEFORE INSERT ON "audit_event" FOR EACH ROW EXECUTE FUNCTION "audit_event_chain"();

-- Empties what an attempt made and gives it a partition for its accounts, or empties that. Nothing happens to a snapshot that is not
-- just requested: what is published is nobody's to take away. A table is made first and attached then: unlike CREATE … PARTITION OF,
-- that does not wait for the look-ups and the COPYs of other snapshots, nor do they wait for it.
CREATE FUNCTION "prepare_attempt"("wanted" TEXT) RETURNS VOID LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    "part" TEXT := 'account_entry_' || left(encode(sha256(convert_to(wanted, 'UTF8')), 'hex'), 32);
    "detaching" BOOLEAN;
BEGIN
    PERFORM FROM snapshot WHERE id = wanted AND state = 'REQUESTED' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the snapshot % is not just requested: its data stays', wanted USING ERRCODE = '55000';
    END IF;
    DELETE FROM proof WHERE snapshot_id = wanted;
    DELETE FROM batch WHERE snapshot_id = wanted;
    DELETE FROM batch_cells WHERE snapshot_id = wanted;
    DELETE FROM batch_prefixes WHERE snapshot_id = wanted;
    DELETE FROM tree_node WHERE snapshot_id = wanted;
    DELETE FROM inclusion_document WHERE snapshot_id = wanted;
    DELETE FROM job_part WHERE snapshot_id = wanted;
    SELECT inhdetachpending INTO detaching FROM pg_inherits WHERE inhrelid = to_regclass(part);
    IF detaching IS FALSE THEN
        EXECUTE format('TRUNCATE %I', part);
        RETURN;
    END IF;
    IF detaching THEN
        EXECUTE format('ALTER TABLE account_entry DETACH PARTITION %I FINALIZE', part);
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', part);
    EXECUTE format('CREATE TABLE %I (LIKE account_entry INCLUDING ALL)', part);
    EXECUTE format('ALTER TABLE account_entry ATTACH PARTITION %I FOR VALUES IN (%L)', part, wanted);
END $$;

-- What runs with the owner's rights finds the owner's tables, whatever its caller's search path says.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION audit_event_chain() SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION prepare_attempt(text) SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE EXECUTE ON FUNCTION "prepare_attempt"(TEXT), "audit_event_chain"(), "audit_event_hash"(BYTEA, "audit_event") FROM PUBLIC;
