CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, town TEXT NOT NULL);
CREATE TABLE labels (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, colour TEXT NOT NULL);
CREATE TABLE chores (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    owner_id INTEGER REFERENCES people (id),
    reviewer_id INTEGER REFERENCES people (id),
    label TEXT NOT NULL REFERENCES labels (word)
);
CREATE INDEX chores_owner_id ON chores (owner_id);
CREATE INDEX chores_reviewer_id ON chores (reviewer_id);
CREATE INDEX chores_label ON chores (label);
INSERT INTO people (id, name, town) VALUES (1, 'Ada', 'London'), (2, 'Grace', 'New York');
INSERT INTO labels (word, colour) VALUES ('bug', 'red');
INSERT INTO chores (name, owner_id, reviewer_id, label) VALUES
    ('both', 1, 2, 'bug'), ('none', NULL, NULL, 'bug');
