-- Dossiers, their rows, attachments, papers and history.

-- Bytes lie under DIR/files/<first two digits>/<sha256>; never changed, never deleted.
CREATE TABLE file (
    id %ID%,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,                -- judged by content
    name TEXT NOT NULL,                      -- as the person called it; shown, never a path
    agency_id BIGINT REFERENCES agency(id),  -- whose it is
    account_id BIGINT REFERENCES account(id),
    created_at BIGINT NOT NULL
);
CREATE INDEX file_by_sha256 ON file(sha256);

-- A resumable upload on its way (tus 1.0).
CREATE TABLE upload (
    token TEXT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account(id),
    dossier_id BIGINT NOT NULL,
    attachment_kind TEXT NOT NULL,
    name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    offset_bytes BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    file_id BIGINT REFERENCES file(id)
);

CREATE TABLE dossier (
    id %ID%,
    code TEXT UNIQUE,                        -- given at acceptance
    check_value TEXT,                        -- with the code it opens the public page
    procedure TEXT NOT NULL,                 -- issuance | renewal | amendment | revocation | device_restoration
    subscriber_kind TEXT NOT NULL,           -- individual | organisation | equipment (Mẫu 01, 02, 03)
    carrier TEXT NOT NULL,                   -- usb_token | sim_pki | central: default of its rows
    state TEXT NOT NULL,                     -- domain::DossierState by its code name
    channel TEXT NOT NULL,                   -- online | direct | post: set by the system
    agency_id BIGINT NOT NULL REFERENCES agency(id),     -- the managing agency that files
    receiver_id BIGINT NOT NULL REFERENCES agency(id),   -- the body that answers (routing)
    recipient TEXT NOT NULL DEFAULT '{}',    -- section 1 of the form: who receives, JSON by field key
    shared_values TEXT NOT NULL DEFAULT '{}',  -- values equal for all rows, JSON by field key
    note TEXT NOT NULL DEFAULT '',
    line_count BIGINT NOT NULL DEFAULT 0,
    rules_date TEXT NOT NULL,                -- the rules in force on this day judge it
    created_by BIGINT NOT NULL REFERENCES account(id),
    created_at BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    ready_for_head_at BIGINT,                -- the clerk handed it to the head
    submitted_by BIGINT REFERENCES account(id),
    submitted_at BIGINT,
    accepted_by BIGINT REFERENCES account(id),
    accepted_at BIGINT,
    due_at BIGINT,                           -- NULL while the clock is stopped
    calendar_version TEXT,
    due_provisional INTEGER NOT NULL DEFAULT 0,  -- "lịch tạm"
    remaining_minutes BIGINT,                -- working minutes kept while the clock is stopped
    clock_stopped_at BIGINT,
    assessor_id BIGINT REFERENCES account(id),
    assigned_at BIGINT,
    supplement_count BIGINT NOT NULL DEFAULT 0,
    decided_at BIGINT,
    returned_at BIGINT,
    end_reason TEXT NOT NULL DEFAULT '',
    is_demo INTEGER NOT NULL DEFAULT 0,
    search_text TEXT NOT NULL DEFAULT '',    -- folded: code, agency, names, for the search box
    submit_key TEXT UNIQUE,                  -- the form's one-time key: the same form twice acts once
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX dossier_by_agency ON dossier(agency_id, state, saved_at);
CREATE INDEX dossier_queue ON dossier(receiver_id, state, due_at);
CREATE INDEX dossier_by_assessor ON dossier(assessor_id, state, due_at);
CREATE INDEX dossier_by_submitted ON dossier(receiver_id, submitted_at);

-- One certificate in a dossier.
CREATE TABLE dossier_line (
    id %ID%,
    dossier_id BIGINT NOT NULL REFERENCES dossier(id),
    number BIGINT NOT NULL,                  -- STT, from 1
    state TEXT NOT NULL,                     -- domain::LineState by its code name
    field_values TEXT NOT NULL,              -- JSON by field key (design: Sheets), as typed and as read
    carrier TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',           -- what the row is called: full name, agency or system name
    subject_key TEXT NOT NULL DEFAULT '',    -- personal id, tax/budget code or domain name: finds doubles
    email TEXT NOT NULL DEFAULT '',
    proposal TEXT NOT NULL DEFAULT '',       -- '' | approve | supplement | refuse
    proposal_reason TEXT NOT NULL DEFAULT '',
    proposed_by BIGINT REFERENCES account(id),
    proposed_at BIGINT,
    sent_for_approval_at BIGINT,
    decision TEXT NOT NULL DEFAULT '',       -- '' | approved | refused
    decision_reason TEXT NOT NULL DEFAULT '',
    decided_by BIGINT REFERENCES account(id),
    decided_at BIGINT,
    device_id BIGINT,
    certificate_serial TEXT,                 -- 16 hex digits, when issued
    work_by BIGINT REFERENCES account(id),   -- the registration officer at it
    work_at BIGINT,
    problem TEXT NOT NULL DEFAULT '',        -- text key of what the row waits for, '' when all is well
    client_key TEXT NOT NULL DEFAULT '',     -- of the sheet: a new row sent twice is one row
    saved_by BIGINT REFERENCES account(id),  -- who typed it last, and when: told in a conflict
    saved_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (decided_by IS NULL OR proposed_by IS NULL OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX dossier_line_by_number ON dossier_line(dossier_id, number);
CREATE INDEX dossier_line_by_subject ON dossier_line(subject_key);
CREATE INDEX dossier_line_by_state ON dossier_line(state, decided_at);
CREATE INDEX dossier_line_by_serial ON dossier_line(certificate_serial);

CREATE TABLE attachment (
    id %ID%,
    dossier_id BIGINT NOT NULL REFERENCES dossier(id),
    kind TEXT NOT NULL,                      -- form_scan | form_signed | establishment_decision | other
    file_id BIGINT NOT NULL REFERENCES file(id),
    added_by BIGINT NOT NULL REFERENCES account(id),
    added_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX attachment_by_dossier ON attachment(dossier_id);

-- Every step, as people read it; never changed. `public` steps stand on the look-up page.
CREATE TABLE dossier_event (
    id %ID%,
    dossier_id BIGINT NOT NULL REFERENCES dossier(id),
    line_number BIGINT,
    act TEXT NOT NULL,                       -- "submitted", "accepted", … text key "event.<act>"
    from_state TEXT NOT NULL DEFAULT '',
    to_state TEXT NOT NULL DEFAULT '',
    actor_id BIGINT REFERENCES account(id),
    actor_name TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}',
    is_public INTEGER NOT NULL DEFAULT 0,
    is_internal INTEGER NOT NULL DEFAULT 0   -- the agency never sees it
);
CREATE INDEX dossier_event_by_dossier ON dossier_event(dossier_id, id);

CREATE TABLE supplement_request (
    id %ID%,
    dossier_id BIGINT NOT NULL REFERENCES dossier(id),
    number BIGINT NOT NULL,                  -- the first, the second, …
    state TEXT NOT NULL,                     -- open | answered | expired | cancelled
    items TEXT NOT NULL,                     -- JSON: [{line, field, sentence}], all defects at once
    asked_by BIGINT NOT NULL REFERENCES account(id),
    asked_at BIGINT NOT NULL,
    answer_due_at BIGINT NOT NULL,
    before_acceptance INTEGER NOT NULL DEFAULT 0,
    answered_by BIGINT REFERENCES account(id),
    answered_at BIGINT,
    answer_note TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX supplement_request_by_number ON supplement_request(dossier_id, number);

-- Numbers without gaps: taken inside the transaction that uses them.
CREATE TABLE counter (
    name TEXT PRIMARY KEY,                   -- "dossier/<body code>/<YYMMDD>", "paper/<body code>/<book>/<year>"
    last BIGINT NOT NULL
);

CREATE TABLE paper (
    id %ID%,
    dossier_id BIGINT REFERENCES dossier(id),
    kind TEXT NOT NULL,                      -- receipt | intake_refusal | supplement_request | handover_notice | …
    number BIGINT,                           -- in the body's book
    number_text TEXT NOT NULL DEFAULT '',    -- "12/TNHS-TTPVHCC"
    file_id BIGINT REFERENCES file(id),      -- NULL until the job has made it
    data TEXT NOT NULL DEFAULT '{}',         -- what it was made from
    created_at BIGINT NOT NULL,
    made_at BIGINT
);
CREATE INDEX paper_by_dossier ON paper(dossier_id);
