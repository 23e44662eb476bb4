-- An order whose key was given up with its device: the order that stands on the same decision since.
-- Nothing is ever issued for a replaced order.
ALTER TABLE ca_order ADD COLUMN replaced_by TEXT;
