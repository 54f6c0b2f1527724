CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE shops (
    id INTEGER PRIMARY KEY,
    town_id INTEGER NOT NULL REFERENCES towns (id),
    name TEXT NOT NULL,
    UNIQUE (town_id, name)
);
CREATE TABLE seasons (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE,
    number INTEGER NOT NULL UNIQUE
);
CREATE TABLE prices (
    id INTEGER PRIMARY KEY,
    shop_id INTEGER NOT NULL REFERENCES shops (id),
    season_word TEXT NOT NULL REFERENCES seasons (word),
    cents INTEGER NOT NULL,
    note TEXT,
    UNIQUE (shop_id, season_word)
);
CREATE INDEX prices_season_word ON prices (season_word);
CREATE TABLE folders (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER NOT NULL REFERENCES folders (id),
    name TEXT NOT NULL,
    word TEXT NOT NULL UNIQUE,
    UNIQUE (parent_id, name)
);
INSERT INTO towns (id, name) VALUES (1, 'Lyon'), (2, 'Vigo');
INSERT INTO shops (id, town_id, name) VALUES (11, 1, 'east'), (12, 2, 'east'), (13, 2, 'west');
INSERT INTO seasons (id, word, number) VALUES (21, 'warm', 1), (22, 'cold', 2);
INSERT INTO folders (id, parent_id, name, word) VALUES (5, 5, 'root', '/');
