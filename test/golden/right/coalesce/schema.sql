CREATE TABLE memos (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    text TEXT,
    size INTEGER,
    flag INTEGER,
    weight REAL,
    kind INTEGER
);
INSERT INTO memos (name) VALUES ('empty');
