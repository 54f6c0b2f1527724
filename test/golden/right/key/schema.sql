CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,
    house TEXT NOT NULL,
    floor INTEGER NOT NULL,
    name TEXT NOT NULL,
    seats INTEGER NOT NULL,
    UNIQUE (house, floor, name)
);
