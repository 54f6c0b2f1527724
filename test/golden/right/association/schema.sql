CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE persons (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE group_members (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    person_id INTEGER NOT NULL REFERENCES persons (id),
    rank INTEGER NOT NULL,
    note TEXT,
    PRIMARY KEY (group_id, person_id)
) WITHOUT ROWID;
CREATE INDEX group_members_person_id ON group_members (person_id, group_id);
INSERT INTO groups (id, name) VALUES (1, 'one'), (2, 'two');
INSERT INTO persons (id, name) VALUES (7, 'ada'), (8, 'bob'), (9, 'cyd');
