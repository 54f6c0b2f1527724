# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_cluster_names test/unit/test_cluster_leadership
TESTS += test/unit/test_cluster_names test/unit/test_cluster_leadership

test_unit_test_cluster_names_SOURCES = test/unit/test_cluster_names.c \
	src/cluster/join_token.c src/cluster/names.c
test_unit_test_cluster_names_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SSL_CFLAGS) $(UV_CFLAGS)
test_unit_test_cluster_names_LDADD = liblb.la libnode.la libbase.la \
	$(CMOCKA_LIBS) $(JANSSON_LIBS) $(SSL_LIBS)

# The engine and the other members are stand-ins of its own.
test_unit_test_cluster_leadership_SOURCES = test/unit/test_cluster_leadership.c \
	src/cluster/leadership.c
test_unit_test_cluster_leadership_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(UV_CFLAGS)
test_unit_test_cluster_leadership_LDADD = libbase.la $(CMOCKA_LIBS) $(JANSSON_LIBS) $(UV_LIBS)

peers_fixture_sources = test/unit/peers_fixture.c test/unit/peers_fixture.h $(http_fixture_sources)

check_PROGRAMS += test/unit/test_peers
TESTS += test/unit/test_peers
test_unit_test_peers_SOURCES = test/unit/test_peers.c $(peers_fixture_sources)
test_unit_test_peers_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_peers_LDADD = libapi.la libcluster.la $(UV_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_peers_kept
TESTS += test/unit/test_peers_kept
test_unit_test_peers_kept_SOURCES = test/unit/test_peers_kept.c $(peers_fixture_sources)
test_unit_test_peers_kept_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_peers_kept_LDADD = libapi.la libcluster.la $(UV_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_peers_answers
TESTS += test/unit/test_peers_answers
test_unit_test_peers_answers_SOURCES = test/unit/test_peers_answers.c $(peers_fixture_sources)
test_unit_test_peers_answers_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_peers_answers_LDADD = libapi.la libcluster.la $(UV_LIBS) $(CMOCKA_LIBS)
