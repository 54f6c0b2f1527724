CREATE TABLE lamps (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    watts INTEGER NOT NULL,
    lumens INTEGER NOT NULL,
    hue INTEGER NOT NULL,
    parts TEXT NOT NULL,
    labels TEXT NOT NULL,
    tags TEXT NOT NULL,
    mood TEXT
);
