-- The hash-chained journal. Entries are only ever added; seq has no gaps.
CREATE TABLE audit_entry (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,                -- 0: the system or nobody signed in
    actor_name TEXT NOT NULL,
    act TEXT NOT NULL,                       -- "thing.accepted"
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    detail TEXT NOT NULL,                    -- canonical JSON
    hash TEXT NOT NULL                       -- SHA-256 over the previous hash and this entry, hex
);
CREATE INDEX audit_entry_by_object ON audit_entry(object_kind, object_id, seq);
CREATE INDEX audit_entry_by_actor ON audit_entry(actor_id, seq);

-- A signed statement "entry seq has this hash"; the same lies outside the database, together with a
-- digest of each entry (src/audit/checkpoint.hpp).
CREATE TABLE audit_checkpoint (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL,
    entries_hash TEXT NOT NULL,              -- SHA-256 over the digests of the entries it covers
    signature %BYTES% NOT NULL
);

-- A mistake of ours must not be able to rewrite the past. Who owns the server still can, and is found
-- out by the chain and the checkpoints.
%SQLITE% CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'append only'); END;
%SQLITE% CREATE TRIGGER audit_entry_never_goes BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'append only'); END;
%SQLITE% CREATE TRIGGER audit_checkpoint_stays BEFORE UPDATE ON audit_checkpoint BEGIN SELECT RAISE(ABORT, 'append only'); END;
%SQLITE% CREATE TRIGGER audit_checkpoint_never_goes BEFORE DELETE ON audit_checkpoint BEGIN SELECT RAISE(ABORT, 'append only'); END;
%POSTGRESQL% CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''append only''; END';
%POSTGRESQL% CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry EXECUTE FUNCTION audit_append_only();
%POSTGRESQL% CREATE TRIGGER audit_checkpoint_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint EXECUTE FUNCTION audit_append_only();
