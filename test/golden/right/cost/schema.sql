CREATE TABLE entries (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE entries_count (n INTEGER NOT NULL);
CREATE TRIGGER entry_created AFTER INSERT ON entries
BEGIN INSERT INTO entries_count (n) SELECT count(*) FROM entries WHERE id > 0; END;
