#include "generate/judge.h"

void judge_table(struct generator *generator, struct sqlite3 *db, const struct entity *entity)
{
    (void)generator;
    (void)db;
    (void)entity;
}
