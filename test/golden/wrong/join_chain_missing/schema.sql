CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE houses (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE owners (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    house_id INTEGER REFERENCES houses (id)
);
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES owners (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    note TEXT,
    UNIQUE (owner_id, name)
);
