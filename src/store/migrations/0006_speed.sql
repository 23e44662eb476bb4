-- What keeps every list as quick with a million dossiers as with a hundred: an order that an index
-- gives, a search by words, counts that read index entries alone.

-- One officer's queue: each view, its order and its number come out of the index.
DROP INDEX dossier_queue;
CREATE INDEX dossier_queue ON dossier(receiver_id, state, due_at, submitted_at, assessor_id);
DROP INDEX dossier_by_assessor;
CREATE INDEX dossier_by_assessor ON dossier(assessor_id, state, receiver_id, due_at, submitted_at);

DROP INDEX dossier_by_submitted;
CREATE INDEX dossier_by_submitted ON dossier(receiver_id, submitted_at, state, subscriber_kind);
CREATE INDEX dossier_line_proposed ON dossier_line(dossier_id, proposed_by) WHERE state = 'proposed';

-- An agency's own list, and what the coordinator's list says of each agency.
CREATE INDEX dossier_by_agency_saved ON dossier(agency_id, saved_at);
CREATE INDEX dossier_by_agency_filed ON dossier(agency_id, submitted_at);

-- Words of the search text, by their beginning.
%SQLITE% CREATE VIRTUAL TABLE dossier_word USING fts5(search_text, content='dossier', content_rowid='id', detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0');
%SQLITE% CREATE TRIGGER dossier_word_insert AFTER INSERT ON dossier BEGIN INSERT INTO dossier_word(rowid, search_text) VALUES (new.id, new.search_text); END;
%SQLITE% CREATE TRIGGER dossier_word_update AFTER UPDATE OF search_text ON dossier WHEN old.search_text <> new.search_text BEGIN INSERT INTO dossier_word(dossier_word, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO dossier_word(rowid, search_text) VALUES (new.id, new.search_text); END;
%SQLITE% CREATE TRIGGER dossier_word_delete AFTER DELETE ON dossier BEGIN INSERT INTO dossier_word(dossier_word, rowid, search_text) VALUES ('delete', old.id, old.search_text); END;
%SQLITE% INSERT INTO dossier_word(dossier_word) VALUES ('rebuild');
%POSTGRESQL% CREATE INDEX dossier_word ON dossier USING gin (to_tsvector('simple', search_text));

-- People: folded name and address. Those on record are found by what lower() makes of them until
-- they are saved again.
ALTER TABLE account ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE account SET search_text = lower(full_name || ' ' || email);
CREATE INDEX account_by_name ON account(full_name, id);
%SQLITE% CREATE VIRTUAL TABLE account_word USING fts5(search_text, content='account', content_rowid='id', detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 2');
%SQLITE% CREATE TRIGGER account_word_insert AFTER INSERT ON account BEGIN INSERT INTO account_word(rowid, search_text) VALUES (new.id, new.search_text); END;
%SQLITE% CREATE TRIGGER account_word_update AFTER UPDATE OF search_text ON account WHEN old.search_text <> new.search_text BEGIN INSERT INTO account_word(account_word, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO account_word(rowid, search_text) VALUES (new.id, new.search_text); END;
%SQLITE% CREATE TRIGGER account_word_delete AFTER DELETE ON account BEGIN INSERT INTO account_word(account_word, rowid, search_text) VALUES ('delete', old.id, old.search_text); END;
%SQLITE% INSERT INTO account_word(account_word) VALUES ('rebuild');
%POSTGRESQL% CREATE INDEX account_word ON account USING gin (to_tsvector('simple', search_text));

CREATE INDEX notice_newest ON notice(account_id, id);
CREATE INDEX device_by_state ON device(state, id);
-- Jobs that are not done: whatever was done before does not count.
CREATE INDEX outbox_open ON outbox(given_up_at, created_at) WHERE done_at IS NULL;
