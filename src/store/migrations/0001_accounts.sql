-- People, bodies and what each may do. Moments are milliseconds since 1970 UTC; days are ISO text.
-- %ID% is an identity primary key, %BYTES% the engine's byte type.

-- A body of the political system: agencies, the province's coordinating department, the provider.
CREATE TABLE agency (
    id %ID%,
    code TEXT NOT NULL UNIQUE,               -- identifier code, QĐ 20/2020 ("H35.12.01")
    code_provisional INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,               -- fold(name), for searching
    kind TEXT NOT NULL,                      -- provider | provincial_desk | party_committee | peoples_council |
                                             -- peoples_committee | party_board | department | union | other
    branch TEXT NOT NULL,                    -- state | party: chooses the issuing CA
    level TEXT NOT NULL,                     -- central | province | commune
    province_code TEXT NOT NULL DEFAULT '',
    province_name TEXT NOT NULL DEFAULT '',
    parent_id BIGINT REFERENCES agency(id),
    address TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    tax_code TEXT NOT NULL DEFAULT '',
    budget_code TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,                     -- none | invited | registered | approved | returned | suspended | closed
    state_reason TEXT NOT NULL DEFAULT '',
    is_demo INTEGER NOT NULL DEFAULT 0,      -- demo bodies are left out of figures
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX agency_by_name ON agency(name_folded);
CREATE INDEX agency_by_province ON agency(province_code, kind, state);

CREATE TABLE account (
    id %ID%,
    email TEXT NOT NULL UNIQUE,              -- lower case; the sign-in name
    full_name TEXT NOT NULL,
    position TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    personal_id TEXT NOT NULL DEFAULT '',
    password_hash TEXT NOT NULL DEFAULT '',  -- Argon2id, encoded; '' until activated
    password_temporary INTEGER NOT NULL DEFAULT 0,  -- must be changed at the next sign-in
    password_expires_at BIGINT,              -- of a one-time password
    state TEXT NOT NULL,                     -- invited | active | suspended | closed
    totp_secret TEXT NOT NULL DEFAULT '',
    totp_confirmed_at BIGINT,
    totp_last_step BIGINT NOT NULL DEFAULT 0,  -- a code is good once
    language TEXT NOT NULL DEFAULT 'vi',
    is_demo INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);

-- One role at one body, from a moment to a moment. Ended, never deleted.
CREATE TABLE role_grant (
    id %ID%,
    account_id BIGINT NOT NULL REFERENCES account(id),
    role TEXT NOT NULL,                      -- domain::Role by its code name
    agency_id BIGINT NOT NULL REFERENCES agency(id),
    granted_by BIGINT REFERENCES account(id),
    granted_at BIGINT NOT NULL,
    ended_by BIGINT REFERENCES account(id),
    ended_at BIGINT
);
CREATE UNIQUE INDEX role_grant_once ON role_grant(account_id, role, agency_id) WHERE ended_at IS NULL;
CREATE INDEX role_grant_by_agency ON role_grant(agency_id, role);

CREATE TABLE recovery_code (
    id %ID%,
    account_id BIGINT NOT NULL REFERENCES account(id),
    code_hash TEXT NOT NULL,
    used_at BIGINT
);
CREATE INDEX recovery_code_by_account ON recovery_code(account_id);

CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,             -- SHA-256 of the cookie, hex
    account_id BIGINT NOT NULL REFERENCES account(id),
    csrf_token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,              -- absolute
    second_factor_at BIGINT,                 -- when it was last given in this session
    remote_address TEXT NOT NULL DEFAULT '',
    user_agent TEXT NOT NULL DEFAULT '',
    flash TEXT NOT NULL DEFAULT ''           -- one message for the next page
);
CREATE INDEX session_by_account ON session(account_id);

-- Links and codes sent to people: invitation, activation, password reset, second factor by mail.
CREATE TABLE one_time_secret (
    id %ID%,
    purpose TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    account_id BIGINT REFERENCES account(id),
    agency_id BIGINT REFERENCES agency(id),
    data TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts_left BIGINT NOT NULL DEFAULT 5,
    used_at BIGINT
);
CREATE INDEX one_time_secret_by_hash ON one_time_secret(purpose, secret_hash);

CREATE TABLE invitation (
    id %ID%,
    agency_id BIGINT NOT NULL REFERENCES agency(id),
    batch TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL,
    full_name TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL,                      -- role of the first account
    code_hash TEXT NOT NULL UNIQUE,          -- of the code in mail, letter and QR
    invited_by BIGINT NOT NULL REFERENCES account(id),
    invited_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    letter_file_id BIGINT,
    accepted_at BIGINT,
    account_id BIGINT REFERENCES account(id),
    withdrawn_at BIGINT
);
CREATE INDEX invitation_by_agency ON invitation(agency_id);

-- An agency that was not invited and registers itself; the coordinator approves or returns it.
CREATE TABLE registration (
    id %ID%,
    agency_id BIGINT REFERENCES agency(id),  -- made (or found) at approval
    province_code TEXT NOT NULL,
    data TEXT NOT NULL,                      -- what was typed, JSON
    proof_file_id BIGINT,
    state TEXT NOT NULL,                     -- registered | approved | returned
    reasons TEXT NOT NULL DEFAULT '',
    follow_hash TEXT NOT NULL,               -- secret of the link by which the agency mends it
    created_at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES account(id),
    decided_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX registration_by_province ON registration(province_code, state);

-- Counts of tries in a window, per account and per address.
CREATE TABLE throttle (
    key TEXT PRIMARY KEY,
    window_start BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    locked_until BIGINT
);
