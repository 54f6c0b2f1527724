CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    cents INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    note TEXT
);
