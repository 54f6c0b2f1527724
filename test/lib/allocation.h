/* allocation.h - lets one allocation of this thread fail.
 *
 * A test that uses it is linked with $(allocation_ldflags), by which the linker
 * sends the allocations of all that is linked into it here; those of jansson,
 * SQLite and curl come by hooks that these libraries have. Other threads aren't
 * disturbed. */
#ifndef LBSTATE_TEST_LIB_ALLOCATION_H
#define LBSTATE_TEST_LIB_ALLOCATION_H

#include <stdbool.h>

/* Sets the hooks; before anything else of the libraries is called. */
void allocation_init(void);

/* The next N allocations succeed, the one after them fails, and all that follow
 * succeed again. */
void allocation_fail_after(unsigned n);

enum allocation_failure {
    ALLOCATION_NONE, /* There were fewer. */
    ALLOCATION_OURS,
    ALLOCATION_LIBRARY
};

/* Which one failed since; from here on none does. */
enum allocation_failure allocation_end(void);

/* What was allocated, by whichever way, and not freed. */
long allocation_n_live(void);

#endif
