-- The journal's filter by act: one act exactly, or all of an area ("dossier."); by kind of object.
CREATE INDEX audit_entry_by_act ON audit_entry(act, seq);
CREATE INDEX audit_entry_by_kind ON audit_entry(object_kind, seq);
%SQLITE% CREATE INDEX audit_entry_by_area ON audit_entry(substr(act, 1, instr(act, '.')), seq);
%POSTGRESQL% CREATE INDEX audit_entry_by_area ON audit_entry((split_part(act, '.', 1) || '.'), seq);
