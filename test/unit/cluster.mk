# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_peers
TESTS += test/unit/test_peers
test_unit_test_peers_SOURCES = test/unit/test_peers.c $(http_fixture_sources)
test_unit_test_peers_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_peers_LDADD = libapi.la libcluster.la $(UV_LIBS) $(CMOCKA_LIBS)
