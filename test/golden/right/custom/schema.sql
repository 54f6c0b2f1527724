CREATE TABLE machines (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    installed TEXT NOT NULL,
    wanted TEXT NOT NULL
);
INSERT INTO machines (id, name, installed, wanted) VALUES (5, 'bad', '1.2', 'latest');
