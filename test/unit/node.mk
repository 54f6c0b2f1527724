# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_node
TESTS += test/unit/test_node
test_unit_test_node_SOURCES = test/unit/test_node.c test/lib/temp_dir.c
test_unit_test_node_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_node_CFLAGS = $(AM_CFLAGS) -pthread
test_unit_test_node_LDADD = libnode.la libbase.la $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_roles
TESTS += test/unit/test_roles
test_unit_test_roles_SOURCES = test/unit/test_roles.c
test_unit_test_roles_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_roles_LDADD = libnode.la $(CMOCKA_LIBS)
