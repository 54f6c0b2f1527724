CREATE TABLE countries (id INTEGER PRIMARY KEY, iso TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE);
CREATE TABLE towns (
    id INTEGER PRIMARY KEY,
    country TEXT NOT NULL REFERENCES countries (iso),
    name TEXT NOT NULL UNIQUE
);
CREATE INDEX towns_country ON towns (country);
CREATE TABLE streets (
    id INTEGER PRIMARY KEY,
    town_id INTEGER NOT NULL REFERENCES towns (id),
    name TEXT NOT NULL,
    UNIQUE (town_id, name)
);
CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    mother_id INTEGER REFERENCES people (id),
    name TEXT NOT NULL
);
CREATE INDEX people_mother_id ON people (mother_id);
CREATE TABLE parcels (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    street_id INTEGER NOT NULL REFERENCES streets (id),
    sender_id INTEGER REFERENCES people (id)
);
CREATE INDEX parcels_street_id ON parcels (street_id);
CREATE INDEX parcels_sender_id ON parcels (sender_id);
INSERT INTO countries (iso, name) VALUES ('fr', 'France'), ('es', 'Spain');
INSERT INTO towns (id, country, name) VALUES (1, 'fr', 'Lyon'), (2, 'es', 'Vigo'), (3, 'fr', 'Lille');
INSERT INTO streets (id, town_id, name) VALUES (11, 1, 'Main'), (12, 2, 'Main'), (13, 3, 'Side');
INSERT INTO people (id, mother_id, name) VALUES
    (1, NULL, 'Ada'), (2, 1, 'Bea'), (3, 2, 'Cyd'), (4, 3, 'Dot');
