/* A selector of another entity. */
#include "test/golden/right/delete/expect.mapper.h"
#include "test/golden/right/selectors/expect.mapper.h"

int get(struct db_tx *tx, struct arena *arena, struct task_list *list, struct error *error);

int get(struct db_tx *tx, struct arena *arena, struct task_list *list, struct error *error)
{
#ifdef RIGHT
    struct task_selector selector = task_by_title("n");
#else
    struct note_selector selector = note_by_name("n");
#endif

    return task_get_many(tx, &selector, 1, arena, list, error);
}
