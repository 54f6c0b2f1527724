# Included by the Makefile.am at the top.
EXTRA_DIST += test/lib/cmocka_all.h

# What several tests share, compiled once: $(test_libraries) stands before the
# libraries of src in LDADD. What takes the place of functions of src isn't in it,
# because a test gets it only if it is one of its sources.
check_LIBRARIES += test/lib/libtest.a
test_libraries = test/lib/libtest.a
test_lib_libtest_a_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS) $(JANSSON_CFLAGS) \
	$(SSL_CFLAGS) $(CURL_CFLAGS)
test_lib_libtest_a_SOURCES = \
	test/integration/world.c test/integration/world.h \
	test/lib/allocation.c test/lib/allocation.h \
	test/lib/ctl_run.c test/lib/ctl_run.h \
	test/lib/daemon.c test/lib/daemon.h \
	test/lib/engine.c test/lib/engine.h \
	test/lib/fake_daemon.c test/lib/fake_daemon.h \
	test/lib/fake_incus.c test/lib/fake_incus.h \
	test/lib/http_client.c test/lib/http_client.h \
	test/lib/http_on_loop.c test/lib/http_on_loop.h \
	test/lib/nodes.c test/lib/nodes.h \
	test/lib/peer.c test/lib/peer.h \
	test/lib/prometheus_lint.c test/lib/prometheus_lint.h \
	test/lib/proxy.c test/lib/proxy.h \
	test/lib/sql_file.c test/lib/sql_file.h \
	test/lib/store_fixture.c test/lib/store_fixture.h \
	test/lib/temp_dir.c test/lib/temp_dir.h \
	test/lib/ws_client.c test/lib/ws_client.h \
	test/unit/http_fixture.c test/unit/http_fixture.h \
	test/unit/parse_json.c test/unit/parse_json.h \
	test/unit/peers_fixture.c test/unit/peers_fixture.h \
	test/unit/tunnel_fixture.c test/unit/tunnel_fixture.h

# Servers that forward to each other, and who leads them.
api_cluster_sources = test/lib/api_cluster.c test/lib/api_cluster.h \
	$(fake_cluster_sources)

# A cluster that is as a test says, in the place of the real one.
fake_cluster_sources = test/lib/fake_cluster.c test/lib/fake_cluster.h \
	test/lib/leadership.c test/lib/leadership.h
