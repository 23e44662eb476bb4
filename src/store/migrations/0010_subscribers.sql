-- Who holds certificates, and what the portal knows of each certificate beside the ledger.

-- A person, a body or a system as one managing agency knows it; its newest data.
CREATE TABLE subscriber (
    id %ID%,
    kind TEXT NOT NULL,                      -- domain::SubscriberKind by its code name
    agency_id BIGINT NOT NULL REFERENCES agency(id),     -- manages it directly
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,               -- for searching
    subject_key TEXT NOT NULL,               -- personal id, "budget:…", "tax:…", "host:…", "system:…"
    email TEXT NOT NULL DEFAULT '',
    field_values TEXT NOT NULL DEFAULT '{}', -- by field key, as the newest certificate knows them
    is_demo INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX subscriber_by_key ON subscriber(subject_key, kind, agency_id);
CREATE INDEX subscriber_by_agency ON subscriber(agency_id, name_folded);

-- The portal's page of a certificate. The ledger stays the truth for OCSP and CRL; both change in
-- one transaction (app/certificate_status). An end by time is read from not_after, never stored.
CREATE TABLE subscriber_certificate (
    serial TEXT PRIMARY KEY,
    subscriber_id BIGINT NOT NULL REFERENCES subscriber(id),
    agency_id BIGINT NOT NULL REFERENCES agency(id),
    kind TEXT NOT NULL,
    carrier TEXT NOT NULL,
    device_id BIGINT REFERENCES device(id),
    line_id BIGINT REFERENCES dossier_line(id),          -- the row that gave it
    common_name TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    state TEXT NOT NULL,                     -- domain::CertificateState by its code name, never expired
    state_at BIGINT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',         -- why it is held or revoked, in words of the record
    predecessor TEXT,
    successor TEXT,
    renewals BIGINT NOT NULL DEFAULT 0,      -- how often its time was extended, ancestors included
    is_demo INTEGER NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX subscriber_certificate_by_agency ON subscriber_certificate(agency_id, state, not_after);
CREATE INDEX subscriber_certificate_by_end ON subscriber_certificate(not_after) WHERE state = 'in_force';
CREATE INDEX subscriber_certificate_by_subscriber ON subscriber_certificate(subscriber_id);
CREATE INDEX subscriber_certificate_by_device ON subscriber_certificate(device_id);
CREATE INDEX subscriber_certificate_by_line ON subscriber_certificate(line_id);

-- The certificate that a row of Mẫu 04–06 concerns; of which kind its subscriber is ('' where it is
-- the dossier's).
ALTER TABLE dossier_line ADD COLUMN target_serial TEXT;
ALTER TABLE dossier_line ADD COLUMN subscriber_kind TEXT NOT NULL DEFAULT '';
CREATE INDEX dossier_line_by_target ON dossier_line(target_serial) WHERE target_serial IS NOT NULL;

-- What was issued before this step. Names are folded again when a person's row is next touched.
INSERT INTO subscriber (kind, agency_id, name, name_folded, subject_key, email, field_values,
    is_demo, created_at, updated_at)
SELECT d.subscriber_kind, d.agency_id, l.name, lower(l.name),
    CASE WHEN l.subject_key = '' THEN 'line:' || l.id ELSE l.subject_key END,
    l.email, l.field_values, d.is_demo, c.issued_at, c.issued_at
FROM dossier_line l JOIN dossier d ON d.id = l.dossier_id
JOIN ca_certificate c ON c.serial = l.certificate_serial
WHERE NOT EXISTS (SELECT 1 FROM dossier_line n JOIN dossier e ON e.id = n.dossier_id
    JOIN ca_certificate k ON k.serial = n.certificate_serial
    WHERE l.subject_key <> '' AND n.subject_key = l.subject_key AND e.agency_id = d.agency_id
    AND e.subscriber_kind = d.subscriber_kind AND n.id > l.id);

INSERT INTO subscriber_certificate (serial, subscriber_id, agency_id, kind, carrier, device_id,
    line_id, common_name, email, not_before, not_after, state, state_at, is_demo)
SELECT c.serial, s.id, d.agency_id, d.subscriber_kind, l.carrier, l.device_id, l.id, c.common_name,
    c.email, c.not_before, c.not_after,
    CASE c.state WHEN 'hold' THEN 'on_hold' WHEN 'in_force' THEN 'in_force' ELSE 'revoked' END,
    c.state_since, d.is_demo
FROM dossier_line l JOIN dossier d ON d.id = l.dossier_id
JOIN ca_certificate c ON c.serial = l.certificate_serial
JOIN subscriber s ON s.agency_id = d.agency_id AND s.kind = d.subscriber_kind
    AND s.subject_key = CASE WHEN l.subject_key = '' THEN 'line:' || l.id
        ELSE l.subject_key END;
