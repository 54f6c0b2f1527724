/* A number where text is wanted. */
#include "test/golden/right/selectors/expect.mapper.h"

struct task_selector select_task(void);

struct task_selector select_task(void)
{
#ifdef RIGHT
    return task_by_title("7");
#else
    return task_by_title(7);
#endif
}
