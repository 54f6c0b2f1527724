CREATE TABLE houses (id INTEGER PRIMARY KEY, name TEXT NOT NULL, street TEXT);
CREATE TABLE materials (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE doors (
    id INTEGER PRIMARY KEY,
    house_id INTEGER NOT NULL REFERENCES houses (id),
    number INTEGER NOT NULL,
    colour TEXT NOT NULL,
    material_id INTEGER NOT NULL REFERENCES materials (id),
    UNIQUE (house_id, number)
);
CREATE INDEX doors_material_id ON doors (material_id);
INSERT INTO houses (id, name, street) VALUES (1, 'Old Mill', NULL), (2, 'New Mill', 'Mill Road');
INSERT INTO materials (id, name) VALUES (7, 'oak');
