-- What a due time was reckoned from, where that is not the limit of the procedure from acceptance
-- on: after a supplement (working minutes from the answer on), or a date that a person promised.
-- By it the due time can be reckoned again when the calendar changes.
CREATE TABLE due_basis (
    dossier_id BIGINT PRIMARY KEY REFERENCES dossier(id),
    from_at BIGINT NOT NULL,
    minutes BIGINT                           -- NULL: promised, no calendar moves it
);
