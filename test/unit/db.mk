# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_db_conn
CODE_TESTS += test/unit/test_db_conn
test_unit_test_db_conn_SOURCES = test/unit/test_db_conn.c
test_unit_test_db_conn_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_conn_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_memory
CODE_TESTS += test/unit/test_db_memory
test_unit_test_db_memory_SOURCES = test/unit/test_db_memory.c
test_unit_test_db_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_memory_LINK = $(LINK) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup
test_unit_test_db_memory_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_parts
CODE_TESTS += test/unit/test_db_parts
test_unit_test_db_parts_SOURCES = test/unit/test_db_parts.c
test_unit_test_db_parts_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_parts_LDADD = $(db_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_peer
CODE_TESTS += test/unit/test_db_peer
test_unit_test_db_peer_SOURCES = test/unit/test_db_peer.c
test_unit_test_db_peer_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_peer_LDADD = $(test_libraries) $(db_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_socket
CODE_TESTS += test/unit/test_db_socket
test_unit_test_db_socket_SOURCES = test/unit/test_db_socket.c
test_unit_test_db_socket_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_socket_LDADD = $(test_libraries) $(db_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_tx
CODE_TESTS += test/unit/test_db_tx
test_unit_test_db_tx_SOURCES = test/unit/test_db_tx.c
test_unit_test_db_tx_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_tx_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_wire
CODE_TESTS += test/unit/test_db_wire
test_unit_test_db_wire_SOURCES = test/unit/test_db_wire.c
test_unit_test_db_wire_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_wire_LDADD = $(db_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_wire_raft
CODE_TESTS += test/unit/test_db_wire_raft
test_unit_test_db_wire_raft_SOURCES = test/unit/test_db_wire_raft.c
test_unit_test_db_wire_raft_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_wire_raft_LDADD = $(db_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_copy
CODE_TESTS += test/unit/test_db_copy
test_unit_test_db_copy_SOURCES = test/unit/test_db_copy.c
test_unit_test_db_copy_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_copy_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_db_copy_nodes
CODE_TESTS += test/unit/test_db_copy_nodes
test_unit_test_db_copy_nodes_SOURCES = test/unit/test_db_copy_nodes.c
test_unit_test_db_copy_nodes_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_copy_nodes_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)
