# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_cluster_names test/unit/test_cluster_leadership
CODE_TESTS += test/unit/test_cluster_names test/unit/test_cluster_leadership

test_unit_test_cluster_names_SOURCES = test/unit/test_cluster_names.c \
	src/cluster/join_token.c src/cluster/names.c
test_unit_test_cluster_names_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SSL_CFLAGS) $(UV_CFLAGS)
test_unit_test_cluster_names_LDADD = $(lb_libraries) $(node_libraries) $(CMOCKA_LIBS)

# The engine and the other members are stand-ins of its own.
test_unit_test_cluster_leadership_SOURCES = test/unit/test_cluster_leadership.c \
	src/cluster/leadership.c
test_unit_test_cluster_leadership_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(UV_CFLAGS)
test_unit_test_cluster_leadership_LDADD = $(base_libraries) $(CMOCKA_LIBS) $(JANSSON_LIBS) $(UV_LIBS)

check_PROGRAMS += test/unit/test_peers
CODE_TESTS += test/unit/test_peers
test_unit_test_peers_SOURCES = test/unit/test_peers.c
test_unit_test_peers_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_peers_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_peers_kept
CODE_TESTS += test/unit/test_peers_kept
test_unit_test_peers_kept_SOURCES = test/unit/test_peers_kept.c
test_unit_test_peers_kept_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_peers_kept_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_peers_answers
CODE_TESTS += test/unit/test_peers_answers
test_unit_test_peers_answers_SOURCES = test/unit/test_peers_answers.c
test_unit_test_peers_answers_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_peers_answers_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)
