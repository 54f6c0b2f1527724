CREATE TABLE rules (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    steps TEXT NOT NULL,
    labels TEXT NOT NULL,
    options TEXT NOT NULL
);
