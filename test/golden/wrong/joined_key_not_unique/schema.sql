CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE INDEX owners_name ON owners (name);
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES owners (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    note TEXT,
    UNIQUE (owner_id, name)
);
