/* Fields that no statement selects by together. */
#include "test/golden/right/selectors/expect.mapper.h"

struct task_selector select_task(void);

struct task_selector select_task(void)
{
#ifdef RIGHT
    return task_by_done_and_owner_id(true, 7);
#else
    return task_by_done(true);
#endif
}
