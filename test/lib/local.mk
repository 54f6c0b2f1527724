# Included by the Makefile.am at the top.
EXTRA_DIST += test/lib/cmocka_all.h
EXTRA_DIST += test/lib/nodes.h
EXTRA_DIST += test/lib/proxy.h
EXTRA_DIST += test/lib/store_fixture.h
EXTRA_DIST += test/lib/temp_dir.h
EXTRA_DIST += test/lib/engine.h
EXTRA_DIST += test/lib/sql_file.h
EXTRA_DIST += test/lib/peer.h

# For the tests of metrics.
prometheus_lint_sources = test/lib/prometheus_lint.c test/lib/prometheus_lint.h

# For the tests of events.
ws_client_sources = test/lib/ws_client.c test/lib/ws_client.h

# Servers that forward to each other, and who leads them.
api_cluster_sources = test/lib/api_cluster.c test/lib/api_cluster.h \
	$(fake_cluster_sources)

# A cluster that is as a test says, in the place of the real one.
fake_cluster_sources = test/lib/fake_cluster.c test/lib/fake_cluster.h \
	test/lib/leadership.c test/lib/leadership.h
