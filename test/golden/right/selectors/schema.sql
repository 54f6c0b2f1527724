CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL UNIQUE,
    state INTEGER NOT NULL,
    done INTEGER NOT NULL,
    owner_id INTEGER
);
CREATE INDEX tasks_state ON tasks (state);
CREATE INDEX tasks_done_owner_id ON tasks (done, owner_id);
