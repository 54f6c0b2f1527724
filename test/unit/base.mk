# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_base
CODE_TESTS += test/unit/test_base
test_unit_test_base_SOURCES = test/unit/test_base.c
test_unit_test_base_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_base_LDADD = $(base_libraries) $(CMOCKA_LIBS)

SOURCE_TESTS += test/unit/test_configure.sh
dist_check_SCRIPTS += test/unit/test_configure.sh
