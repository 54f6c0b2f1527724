CREATE TABLE carts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE carts_wheels (
    id INTEGER PRIMARY KEY,
    cart_id INTEGER NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    position TEXT NOT NULL,
    size INTEGER NOT NULL,
    is_spare INTEGER NOT NULL,
    note TEXT,
    pressure REAL NOT NULL,
    UNIQUE (cart_id, position, size)
);
CREATE TABLE carts_config (
    cart_id INTEGER NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (cart_id, key)
);
CREATE TABLE changes (position TEXT NOT NULL);
CREATE TRIGGER wheel_changed AFTER UPDATE ON carts_wheels
BEGIN INSERT INTO changes (position) VALUES (new.position); END;
