# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_node
CODE_TESTS += test/unit/test_node
test_unit_test_node_SOURCES = test/unit/test_node.c
test_unit_test_node_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_node_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_roles
CODE_TESTS += test/unit/test_roles
test_unit_test_roles_SOURCES = test/unit/test_roles.c
test_unit_test_roles_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_roles_LDADD = $(node_libraries) $(CMOCKA_LIBS)
check_PROGRAMS += test/unit/test_tunnel
CODE_TESTS += test/unit/test_tunnel
test_unit_test_tunnel_SOURCES = test/unit/test_tunnel.c
test_unit_test_tunnel_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_tunnel_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_tunnel_hostile
CODE_TESTS += test/unit/test_tunnel_hostile
test_unit_test_tunnel_hostile_SOURCES = test/unit/test_tunnel_hostile.c
test_unit_test_tunnel_hostile_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_tunnel_hostile_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_certificate
CODE_TESTS += test/unit/test_certificate
test_unit_test_certificate_SOURCES = test/unit/test_certificate.c
test_unit_test_certificate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_certificate_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_directory
CODE_TESTS += test/unit/test_directory
test_unit_test_directory_SOURCES = test/unit/test_directory.c
test_unit_test_directory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_directory_LINK = $(LINK) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
test_unit_test_directory_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_tunnel_members
CODE_TESTS += test/unit/test_tunnel_members
test_unit_test_tunnel_members_SOURCES = test/unit/test_tunnel_members.c
test_unit_test_tunnel_members_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_tunnel_members_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_tunnel_memory
test_unit_test_tunnel_memory_SOURCES = test/unit/test_tunnel_memory.c
test_unit_test_tunnel_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SSL_CFLAGS)
test_unit_test_tunnel_memory_LINK = $(LINK) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup
test_unit_test_tunnel_memory_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_raft
test_unit_test_raft_SOURCES = test/unit/test_raft.c
test_unit_test_raft_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_raft_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_latency
CODE_TESTS += test/unit/test_latency
test_unit_test_latency_SOURCES = test/unit/test_latency.c
test_unit_test_latency_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_latency_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)
