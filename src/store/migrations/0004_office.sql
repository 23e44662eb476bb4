-- Settings, rules, calendar, outbox, mail and notices.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,                     -- JSON
    updated_by BIGINT REFERENCES account(id),
    updated_at BIGINT NOT NULL
);

-- Rules of the trade as data, versioned by date; the newest with effective_from <= day counts.
CREATE TABLE rule (
    id %ID%,
    name TEXT NOT NULL,                      -- "issue.deadline_wd"
    value TEXT NOT NULL,                     -- JSON
    legal_basis TEXT NOT NULL,
    certainty TEXT NOT NULL,                 -- verified | indirect | derived | recalled
    effective_from TEXT NOT NULL,            -- ISO day
    created_by BIGINT REFERENCES account(id),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX rule_by_name ON rule(name, effective_from, id);

CREATE TABLE calendar_day (
    day TEXT PRIMARY KEY,                    -- ISO day
    kind TEXT NOT NULL,                      -- off | make_up
    note TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL,
    certainty TEXT NOT NULL
);
CREATE TABLE calendar_year (
    year BIGINT PRIMARY KEY,
    state TEXT NOT NULL,                     -- provisional | confirmed
    version TEXT NOT NULL                    -- "2026.1"
);

-- What must happen after a commit: put in the same transaction, drained by jobs/.
CREATE TABLE outbox (
    id %ID%,
    kind TEXT NOT NULL,                      -- "mail", "paper", "publish_status", …
    unique_key TEXT UNIQUE,                  -- the same thing is never asked twice
    payload TEXT NOT NULL,                   -- JSON
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    claimed_until BIGINT,
    last_error TEXT NOT NULL DEFAULT '',
    done_at BIGINT,
    given_up_at BIGINT
);
CREATE INDEX outbox_due ON outbox(kind, due_at) WHERE done_at IS NULL AND given_up_at IS NULL;

-- A message to a person: in the portal always, by mail when it has an address.
CREATE TABLE notice (
    id %ID%,
    account_id BIGINT REFERENCES account(id),
    agency_id BIGINT REFERENCES agency(id),
    dossier_id BIGINT REFERENCES dossier(id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    link TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notice_by_account ON notice(account_id, read_at, id);

CREATE TABLE mail (
    id %ID%,
    notice_id BIGINT REFERENCES notice(id),
    message_id TEXT NOT NULL UNIQUE,         -- stable: the same at every try
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    is_secret INTEGER NOT NULL DEFAULT 0,    -- holds a code or link: shown to nobody but its reader
    state TEXT NOT NULL,                     -- waiting | sent | failed
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    last_answer TEXT NOT NULL DEFAULT ''     -- the server's words
);
CREATE INDEX mail_by_state ON mail(state, id);
