-- Key devices and their handover.
CREATE TABLE device (
    id %ID%,
    serial TEXT NOT NULL UNIQUE,             -- printed on the device; for central accounts the account name
    kind TEXT NOT NULL,                      -- usb_token | sim_pki | central
    model TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,                     -- domain::DeviceState by its code name
    place TEXT NOT NULL DEFAULT '',
    agency_id BIGINT REFERENCES agency(id),
    line_id BIGINT REFERENCES dossier_line(id),
    created_at BIGINT NOT NULL,
    is_demo INTEGER NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX device_by_agency ON device(agency_id, state);

CREATE TABLE device_event (
    id %ID%,
    device_id BIGINT NOT NULL REFERENCES device(id),
    act TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor_id BIGINT REFERENCES account(id),
    actor_name TEXT NOT NULL DEFAULT '',
    from_whom TEXT NOT NULL DEFAULT '',
    to_whom TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX device_event_by_device ON device_event(device_id, id);

-- The PIN waits here encrypted until its envelope is printed, once; then the bytes are gone.
CREATE TABLE pin_envelope (
    id %ID%,
    device_id BIGINT NOT NULL REFERENCES device(id),
    line_id BIGINT NOT NULL REFERENCES dossier_line(id),
    sealed %BYTES%,                          -- NULL once printed
    created_at BIGINT NOT NULL,
    printed_by BIGINT REFERENCES account(id),
    printed_at BIGINT
);
CREATE INDEX pin_envelope_by_line ON pin_envelope(line_id);

-- What was handed to whom; the agency confirms (Mẫu 07).
CREATE TABLE handover (
    id %ID%,
    dossier_id BIGINT NOT NULL REFERENCES dossier(id),
    method TEXT NOT NULL,                    -- direct | post | online
    submit_key TEXT UNIQUE,                  -- the form's one-time key: the same form twice acts once
    recipient_name TEXT NOT NULL,
    recipient_position TEXT NOT NULL DEFAULT '',
    handed_by BIGINT NOT NULL REFERENCES account(id),
    handed_at BIGINT NOT NULL,
    confirmed_by BIGINT REFERENCES account(id),
    confirmed_at BIGINT,
    note TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX handover_by_dossier ON handover(dossier_id);
CREATE TABLE handover_line (
    handover_id BIGINT NOT NULL REFERENCES handover(id),
    line_id BIGINT NOT NULL REFERENCES dossier_line(id),
    device_id BIGINT REFERENCES device(id),
    confirmed_at BIGINT,
    PRIMARY KEY (handover_id, line_id)
);

-- The work of writing one device: how far it is, so that a broken line, a pulled device or a dead
-- server goes on at the open step and never issues twice.
CREATE TABLE personalisation (
    line_id BIGINT PRIMARY KEY REFERENCES dossier_line(id),
    device_id BIGINT NOT NULL REFERENCES device(id),
    officer_id BIGINT NOT NULL REFERENCES account(id),
    challenge TEXT NOT NULL,                 -- what the key signs to show that it works, hex
    certificate_request %BYTES%,             -- PKCS#10: proof of possession
    started_at BIGINT NOT NULL,
    prepared_at BIGINT,
    key_at BIGINT,
    issued_at BIGINT,
    written_at BIGINT,
    checked_at BIGINT,
    printed_at BIGINT
);
CREATE INDEX personalisation_by_device ON personalisation(device_id);
