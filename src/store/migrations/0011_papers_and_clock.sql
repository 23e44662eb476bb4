-- Stops, postponements, warnings and the control sheet.

-- The whole limit in minutes of the dossier's kind of time; a postponement adds to it. Dossiers
-- accepted before this column reckon it from acceptance to due time.
ALTER TABLE dossier ADD COLUMN allowed_minutes BIGINT;

-- What runs now: looked at every minute for warnings.
CREATE INDEX dossier_running ON dossier(due_at) WHERE state IN ('accepted', 'in_progress');

-- What an assessor proposes for a dossier as a whole and another person decides.
CREATE TABLE dossier_proposal (
    id %ID%,
    dossier_id BIGINT NOT NULL REFERENCES dossier(id),
    kind TEXT NOT NULL,                      -- stop | postponement
    state TEXT NOT NULL,                     -- draft (by the clock) | open | agreed | declined | dropped
    reason TEXT NOT NULL DEFAULT '',         -- one reason on each line
    promised_at BIGINT,                      -- postponement: the due time it asks to move
    new_due_at BIGINT,
    proposed_by BIGINT REFERENCES account(id),
    proposed_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES account(id),
    decided_at BIGINT,
    decision_reason TEXT NOT NULL DEFAULT '',
    CHECK (decided_by IS NULL OR proposed_by IS NULL OR decided_by <> proposed_by OR state = 'dropped')
);
CREATE UNIQUE INDEX dossier_proposal_once ON dossier_proposal(dossier_id, kind)
    WHERE state IN ('draft', 'open');
CREATE INDEX dossier_proposal_by_dossier ON dossier_proposal(dossier_id, id);
CREATE INDEX dossier_proposal_waiting ON dossier_proposal(state, dossier_id) WHERE state = 'open';

-- Each warning is given once for one promise; after an apology there is a new one.
CREATE TABLE deadline_warning (
    dossier_id BIGINT NOT NULL REFERENCES dossier(id),
    kind TEXT NOT NULL,                      -- domain::DeadlineWarning by its code name
    allowed_minutes BIGINT NOT NULL,         -- which promise: the limit it was given for
    given_at BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, kind, allowed_minutes)
);

-- Mẫu 06: one number of the body's book for each dossier, taken when the sheet is first made.
CREATE TABLE control_sheet (
    dossier_id BIGINT PRIMARY KEY REFERENCES dossier(id),
    number BIGINT NOT NULL,
    number_text TEXT NOT NULL,               -- "3/PKS"
    made_by BIGINT NOT NULL REFERENCES account(id),
    made_at BIGINT NOT NULL
);

-- Mẫu 07: what a body accepted, by day.
CREATE INDEX dossier_register ON dossier(receiver_id, accepted_at) WHERE accepted_at IS NOT NULL;
