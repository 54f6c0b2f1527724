/* cmocka_all.h - cmocka with the headers it wants before it. */
#ifndef LBSTATE_TEST_LIB_CMOCKA_ALL_H
#define LBSTATE_TEST_LIB_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
