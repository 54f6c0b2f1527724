CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE items (
    owner_id INTEGER NOT NULL REFERENCES owners (id),
    thing_id INTEGER NOT NULL,
    PRIMARY KEY (owner_id, thing_id)
);
