-- The certification authority's record. Moments are milliseconds since 1970 UTC; serials are 16 hex
-- digits in capitals. Rows of ca_serial, ca_certificate and ca_revocation are never deleted.

-- One row: the ceremony and the addresses that every certificate names.
CREATE TABLE ca_ceremony (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    script TEXT NOT NULL,                    -- JSON, as it was read
    status_url TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE TABLE ca_issuer (
    name TEXT PRIMARY KEY,                   -- root | state | party: also the file name of CRL and AIA
    sort TEXT NOT NULL,                      -- root | issuing
    common_name TEXT NOT NULL,
    key_label TEXT NOT NULL,
    key_kind TEXT NOT NULL,
    serial TEXT NOT NULL UNIQUE,
    der %BYTES% NOT NULL,
    not_after BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Delegated OCSP responders; the newest of an issuer signs.
CREATE TABLE ca_responder (
    id %ID%,
    issuer TEXT NOT NULL REFERENCES ca_issuer(name),
    key_label TEXT NOT NULL,
    key_kind TEXT NOT NULL,
    serial TEXT NOT NULL UNIQUE,
    der %BYTES% NOT NULL,
    not_after BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ca_responder_by_issuer ON ca_responder(issuer, id);

-- What two people approved. The names of people are those of the moment.
CREATE TABLE ca_order (
    order_id TEXT PRIMARY KEY,
    issuer TEXT NOT NULL,
    profile TEXT NOT NULL,
    locality TEXT NOT NULL,
    organisation TEXT NOT NULL,
    units TEXT NOT NULL,                     -- one a line
    common_name TEXT NOT NULL,
    email TEXT NOT NULL,
    domain_name TEXT NOT NULL,
    validity_days BIGINT NOT NULL,
    on_hold BIGINT NOT NULL,
    proposer_id BIGINT NOT NULL,
    proposer_name TEXT NOT NULL,
    approver_id BIGINT NOT NULL,
    approver_name TEXT NOT NULL,
    approved_at BIGINT NOT NULL,
    CHECK (proposer_id > 0 AND approver_id > 0 AND proposer_id <> approver_id)
);

-- Every serial ever given and what was meant with it, written before any key signs.
CREATE TABLE ca_serial (
    serial TEXT PRIMARY KEY,
    issuer TEXT NOT NULL,
    purpose TEXT NOT NULL,                   -- root | issuing | responder | subscriber | restored
    order_id TEXT REFERENCES ca_order(order_id),
    subject_key TEXT NOT NULL DEFAULT '',    -- SHA-256 of the public key, hex
    body %BYTES%,                            -- the body to be signed; NULL once the certificate holds it
    state TEXT NOT NULL,                     -- open | done | abandoned
    given_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX ca_serial_of_order ON ca_serial(order_id) WHERE state <> 'abandoned';
CREATE INDEX ca_serial_open ON ca_serial(given_at) WHERE state = 'open';

CREATE TABLE ca_certificate (
    serial TEXT PRIMARY KEY REFERENCES ca_serial(serial),
    issuer TEXT NOT NULL REFERENCES ca_issuer(name),
    order_id TEXT UNIQUE,                    -- NULL for one brought back after a restore
    profile TEXT NOT NULL,
    common_name TEXT NOT NULL,
    email TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('hold', 'in_force', 'revoked')),
    state_since BIGINT NOT NULL,
    reason BIGINT NOT NULL DEFAULT 0,
    der %BYTES% NOT NULL
);
CREATE INDEX ca_certificate_by_email ON ca_certificate(email, issued_at);
CREATE INDEX ca_certificate_by_key ON ca_certificate(subject_key);
CREATE INDEX ca_certificate_held ON ca_certificate(issuer, serial) WHERE state = 'hold';

-- Revoked for good: a row here is never changed or taken away, and whatever else is on record, a
-- serial in it never answers "good". Also holds serials that only a CRL brought back (restore).
CREATE TABLE ca_revocation (
    serial TEXT PRIMARY KEY,
    issuer TEXT NOT NULL REFERENCES ca_issuer(name),
    reason BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    listed_until BIGINT NOT NULL,            -- stays on the CRL until then
    actor_id BIGINT NOT NULL,
    actor_name TEXT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX ca_revocation_by_issuer ON ca_revocation(issuer, serial);

-- Each change of a certificate's status in order: what publishers follow.
CREATE TABLE ca_status_event (
    id %ID%,
    serial TEXT NOT NULL,
    issuer TEXT NOT NULL,
    is_new BIGINT NOT NULL,                  -- 1: just issued; nobody asks for it yet
    at BIGINT NOT NULL
);

-- Pre-signed answers, without the responder's certificate; a change of status takes them away.
CREATE TABLE ca_ocsp (
    serial TEXT NOT NULL,
    hash TEXT NOT NULL,                      -- sha1 | sha256: of the CertID
    data %BYTES% NOT NULL,
    signature %BYTES% NOT NULL,
    responder_id BIGINT NOT NULL REFERENCES ca_responder(id),
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    PRIMARY KEY (serial, hash)
);
CREATE INDEX ca_ocsp_by_age ON ca_ocsp(this_update);

CREATE TABLE ca_crl (
    issuer TEXT NOT NULL REFERENCES ca_issuer(name),
    number BIGINT NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    entries BIGINT NOT NULL DEFAULT 0,
    published_at BIGINT,                     -- NULL: the number is spent, the list was not finished
    PRIMARY KEY (issuer, number)
);

-- After a restore nothing is issued until two administrators have lifted the fence.
CREATE TABLE ca_fence (
    id %ID%,
    reason TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    lifted_at BIGINT,
    first_id BIGINT,
    first_name TEXT NOT NULL DEFAULT '',
    second_id BIGINT,
    second_name TEXT NOT NULL DEFAULT '',
    evidence TEXT NOT NULL DEFAULT ''        -- what was brought, in words
);
