CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    owner_id INTEGER NOT NULL REFERENCES owners (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    note TEXT,
    UNIQUE (owner_id, name)
);
CREATE TABLE items_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (item_id, key)
);
CREATE TRIGGER item_created AFTER INSERT ON items
BEGIN UPDATE owners SET name = name || '!' WHERE name LIKE 'a%' || new.name; END;
