# Included by the Makefile.am at the top.
#
# The checker of histories, its tests, and the programs that make histories.
TORTURE_CHECK_SOURCES = \
	test/torture/check.c \
	test/torture/check.h \
	test/torture/check_record.c \
	test/torture/check_record.h \
	test/torture/history.c \
	test/torture/history.h

check_PROGRAMS += test/torture/torture-check
test_torture_torture_check_SOURCES = test/torture/check_main.c $(TORTURE_CHECK_SOURCES)
test_torture_torture_check_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
test_torture_torture_check_LDADD = $(JANSSON_LIBS)

check_PROGRAMS += test/torture/test_check
CODE_TESTS += test/torture/test_check
test_torture_test_check_SOURCES = \
	test/torture/test_check.c \
	test/torture/history_text.c \
	test/torture/history_text.h \
	$(TORTURE_CHECK_SOURCES)
test_torture_test_check_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_torture_test_check_LDADD = $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/torture/test_check_random
CODE_TESTS += test/torture/test_check_random
test_torture_test_check_random_SOURCES = \
	test/torture/test_check_random.c \
	test/torture/rng.h \
	$(TORTURE_CHECK_SOURCES)
test_torture_test_check_random_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CMOCKA_CFLAGS)
test_torture_test_check_random_LDADD = $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/torture/torture
test_torture_torture_SOURCES = \
	test/torture/client.c \
	test/torture/client.h \
	test/torture/faults.c \
	test/torture/faults.h \
	test/torture/nodes.c \
	test/torture/nodes.h \
	test/torture/record.c \
	test/torture/record.h \
	test/torture/report.c \
	test/torture/report.h \
	test/torture/rng.h \
	test/torture/torture.c \
	$(TORTURE_CHECK_SOURCES)
test_torture_torture_CPPFLAGS = $(AM_CPPFLAGS) -DTOP_DIR=\"$(abs_top_srcdir)\" $(JANSSON_CFLAGS)
test_torture_torture_LDADD = $(test_libraries) $(JANSSON_LIBS)

dist_check_SCRIPTS += test/torture/cluster.sh test/torture/network.sh
# What it runs of the daemon cluster.sh and five.sh run, too.
SOURCE_TESTS += test/torture/network.sh
test/torture/cluster.log test/torture/network.log: lbstated$(EXEEXT) lbctl$(EXEEXT) \
	test/torture/torture$(EXEEXT) test/torture/torture-check$(EXEEXT) contrib/impair-link$(EXEEXT)

# make torture SEED=7 TIME=600 NODES=5 TORTURE_FLAGS='--faults kill9'
TIME = 60
NODES = 3
torture: lbstated$(EXEEXT) lbctl$(EXEEXT) test/torture/torture$(EXEEXT) contrib/impair-link$(EXEEXT)
	LBSTATE_BUILD='$(abs_top_builddir)' test/torture/torture --start $(NODES) --time $(TIME) \
		$(SEED:%=--seed %) $(TORTURE_FLAGS)
.PHONY: torture
EXTRA_DIST += test/torture/README.md test/torture/RUNS.md
