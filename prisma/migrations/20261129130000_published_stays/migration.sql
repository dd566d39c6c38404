-- What is published is nobody's to change: not the signer's either, who may set a manifest, nor the others', who may set what led to it.
-- The owner of the tables may, who drops private data.
CREATE FUNCTION "published_stays"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the snapshot % is published: its row stays as it is', OLD.id USING ERRCODE = '55000';
END $$;
CREATE TRIGGER "published_stays" BEFORE UPDATE ON "snapshot" FOR EACH ROW WHEN (OLD.state = 'PUBLISHED') EXECUTE FUNCTION "published_stays"();
