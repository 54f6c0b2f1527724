CREATE TABLE steps (
    id INTEGER PRIMARY KEY,
    plan TEXT NOT NULL,
    name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    UNIQUE (plan, name)
);
CREATE INDEX steps_rank ON steps (rank, plan, name);
CREATE INDEX steps_plan_rank ON steps (plan, rank, name);
