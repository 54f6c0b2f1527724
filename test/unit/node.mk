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

check_PROGRAMS += test/unit/test_raft
TESTS += test/unit/test_raft
test_unit_test_raft_SOURCES = test/unit/test_raft.c test/lib/nodes.c test/lib/proxy.c \
	test/lib/temp_dir.c
test_unit_test_raft_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_raft_CFLAGS = $(AM_CFLAGS) -pthread
test_unit_test_raft_LDADD = libnode.la libdb.la libbase.la $(UV_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_latency
TESTS += test/unit/test_latency
test_unit_test_latency_SOURCES = test/unit/test_latency.c test/lib/temp_dir.c
test_unit_test_latency_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_latency_LDADD = libnode.la libbase.la $(CMOCKA_LIBS)
