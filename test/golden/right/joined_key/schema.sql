CREATE TABLE houses (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    house_id INTEGER NOT NULL REFERENCES houses (id),
    name TEXT NOT NULL,
    UNIQUE (house_id, name)
);
CREATE TABLE lanterns (
    id INTEGER PRIMARY KEY,
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    name TEXT NOT NULL,
    watts INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (room_id, name)
);
CREATE TABLE lanterns_config (
    id INTEGER PRIMARY KEY,
    lantern_id INTEGER NOT NULL REFERENCES lanterns (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (lantern_id, key)
);
-- Ids that differ from table to table: what took one for another would be seen.
INSERT INTO houses (id, name) VALUES (1, 'mill'), (2, 'inn');
INSERT INTO rooms (id, house_id, name) VALUES (11, 1, 'hall'), (12, 1, 'attic'), (13, 2, 'hall');
