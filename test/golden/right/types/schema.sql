CREATE TABLE samples (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    number INTEGER NOT NULL,
    flag INTEGER NOT NULL,
    real REAL NOT NULL,
    blob BLOB NOT NULL,
    kind INTEGER NOT NULL,
    opt_number INTEGER,
    opt_flag INTEGER,
    opt_real REAL,
    opt_text TEXT,
    -- Left to its default by create.
    note TEXT NOT NULL DEFAULT 'none'
);
