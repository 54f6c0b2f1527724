# Included by the Makefile.am at the top.
# Each runs the real daemon of this build.
check_PROGRAMS += test/integration/test_records
CODE_TESTS += test/integration/test_records
test_integration_test_records_SOURCES = test/integration/test_records.c
test_integration_test_records_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_records_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_compat
CODE_TESTS += test/integration/test_compat
test_integration_test_compat_SOURCES = test/integration/test_compat.c
test_integration_test_compat_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_compat_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_daemon
CODE_TESTS += test/integration/test_daemon
test_integration_test_daemon_SOURCES = test/integration/test_daemon.c
test_integration_test_daemon_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_daemon_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_conflict
CODE_TESTS += test/integration/test_conflict
test_integration_test_conflict_SOURCES = test/integration/test_conflict.c
test_integration_test_conflict_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_conflict_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_forwards
CODE_TESTS += test/integration/test_forwards
test_integration_test_forwards_SOURCES = test/integration/test_forwards.c
test_integration_test_forwards_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_forwards_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_crash
CODE_TESTS += test/integration/test_crash
test_integration_test_crash_SOURCES = test/integration/test_crash.c
test_integration_test_crash_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_crash_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_import
CODE_TESTS += test/integration/test_import
test_integration_test_import_SOURCES = test/integration/test_import.c
test_integration_test_import_CPPFLAGS = $(AM_CPPFLAGS) -DTEST_DATA_DIR=\"$(abs_top_srcdir)/test/data\" \
	$(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_import_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_backup
CODE_TESTS += test/integration/test_backup
test_integration_test_backup_SOURCES = test/integration/test_backup.c
test_integration_test_backup_CPPFLAGS = $(AM_CPPFLAGS) -DTEST_DATA_DIR=\"$(abs_top_srcdir)/test/data\" \
	-DTEST_OPERATIONS=\"$(abs_top_srcdir)/doc/operations.md\" $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_backup_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_dump
CODE_TESTS += test/integration/test_dump
test_integration_test_dump_SOURCES = test/integration/test_dump.c
test_integration_test_dump_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS) \
	$(CMOCKA_CFLAGS)
test_integration_test_dump_LDADD = $(test_libraries) $(JANSSON_LIBS) $(SQLITE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_metrics
CODE_TESTS += test/integration/test_metrics
test_integration_test_metrics_SOURCES = test/integration/test_metrics.c
test_integration_test_metrics_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_metrics_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS) -lm

check_PROGRAMS += test/integration/test_events
CODE_TESTS += test/integration/test_events
test_integration_test_events_SOURCES = test/integration/test_events.c
test_integration_test_events_CPPFLAGS = $(AM_CPPFLAGS) -DTEST_DATA_DIR=\"$(abs_top_srcdir)/test/data\" \
	$(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_events_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_incus_client
test_integration_test_incus_client_SOURCES = test/integration/test_incus_client.c
test_integration_test_incus_client_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_incus_client_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_both_clients
CODE_TESTS += test/integration/test_both_clients
test_integration_test_both_clients_SOURCES = test/integration/test_both_clients.c
test_integration_test_both_clients_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_both_clients_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_lbctl
test_integration_test_lbctl_SOURCES = test/integration/test_lbctl.c
test_integration_test_lbctl_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_lbctl_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/integration/test_client
CODE_TESTS += test/integration/test_client
test_integration_test_client_SOURCES = test/integration/test_client.c
test_integration_test_client_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_client_LDADD = $(test_libraries) $(client_libraries) $(CMOCKA_LIBS)

EXTRA_DIST += test/integration/cluster_common.bash
EXTRA_DIST += test/lsan.supp test/tsan.supp test/integration/README.md test/data/README.md test/data/real

check_PROGRAMS += test/integration/test_cluster_one
CODE_TESTS += test/integration/test_cluster_one
test_integration_test_cluster_one_SOURCES = test/integration/test_cluster_one.c
test_integration_test_cluster_one_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_integration_test_cluster_one_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CMOCKA_LIBS)

dist_check_SCRIPTS += test/integration/cluster.sh test/integration/five.sh \
	test/integration/incus_cluster.sh
CODE_TESTS += test/integration/incus_cluster.sh
test/integration/cluster.log test/integration/five.log test/integration/incus_cluster.log: lbctl$(EXEEXT) lbstated$(EXEEXT)

# Loaded into the daemon, never installed: hence the -rpath, which makes libtool build it shared.
check_LTLIBRARIES = test/lib/kill_at.la
test_lib_kill_at_la_SOURCES = test/lib/kill_at.c
test_lib_kill_at_la_CPPFLAGS = $(AM_CPPFLAGS) $(SSL_CFLAGS)
# It takes the place of functions that others call.
test_lib_kill_at_la_CFLAGS = $(AM_CFLAGS) -fvisibility=default
test_lib_kill_at_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -rpath /nowhere
dist_check_SCRIPTS += test/integration/join_kill.sh
test/integration/join_kill.log: lbctl$(EXEEXT) lbstated$(EXEEXT) test/lib/kill_at.la
