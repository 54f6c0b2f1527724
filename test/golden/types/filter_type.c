/* A filter's field that is set to another type. */
#include "test/golden/right/selectors/expect.mapper.h"

struct task_filter make_filter(void);

struct task_filter make_filter(void)
{
#ifdef RIGHT
    return (struct task_filter){.owner_id = SOME(7)};
#else
    return (struct task_filter){.owner_id = SOME("seven")};
#endif
}
