-- An order that names the end of its certificate (renewal, amendment); NULL: so many days from the issue.
ALTER TABLE ca_order ADD COLUMN not_after BIGINT;
