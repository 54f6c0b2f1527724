# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_client
TESTS += test/unit/test_client
test_unit_test_client_SOURCES = test/unit/test_client.c \
	src/base/buffer.c \
	src/client/envelope.c \
	test/lib/fake_daemon.c test/lib/fake_daemon.h
test_unit_test_client_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_client_LDADD = liblbstate.la $(CMOCKA_LIBS) $(JANSSON_LIBS) -lpthread

check_PROGRAMS += test/unit/test_ctl_text
TESTS += test/unit/test_ctl_text
test_unit_test_ctl_text_SOURCES = test/unit/test_ctl_text.c
test_unit_test_ctl_text_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_text_LDADD = libctl.la $(CMOCKA_LIBS)

# lbctl in the test's process, and a daemon in a thread of it.
ctl_test_sources = \
	test/lib/ctl_run.c test/lib/ctl_run.h \
	test/lib/fake_daemon.c test/lib/fake_daemon.h \
	test/lib/fake_incus.c test/lib/fake_incus.h

check_PROGRAMS += test/unit/test_ctl_verbs
TESTS += test/unit/test_ctl_verbs
test_unit_test_ctl_verbs_SOURCES = test/unit/test_ctl_verbs.c $(ctl_test_sources)
test_unit_test_ctl_verbs_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_verbs_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += test/unit/test_ctl_import
TESTS += test/unit/test_ctl_import
test_unit_test_ctl_import_SOURCES = test/unit/test_ctl_import.c $(ctl_test_sources)
test_unit_test_ctl_import_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_import_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += test/unit/test_ctl_import_dump
TESTS += test/unit/test_ctl_import_dump
test_unit_test_ctl_import_dump_SOURCES = test/unit/test_ctl_import_dump.c
test_unit_test_ctl_import_dump_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SQLITE_CFLAGS)
test_unit_test_ctl_import_dump_LDADD = libctl.la $(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_formats
TESTS += test/unit/test_ctl_formats
test_unit_test_ctl_formats_SOURCES = test/unit/test_ctl_formats.c $(ctl_test_sources)
test_unit_test_ctl_formats_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_formats_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += test/unit/test_ctl_edit
TESTS += test/unit/test_ctl_edit
test_unit_test_ctl_edit_SOURCES = test/unit/test_ctl_edit.c $(ctl_test_sources)
test_unit_test_ctl_edit_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_edit_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += test/unit/test_ctl_hints
TESTS += test/unit/test_ctl_hints
test_unit_test_ctl_hints_SOURCES = test/unit/test_ctl_hints.c $(ctl_test_sources)
test_unit_test_ctl_hints_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_hints_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += test/unit/test_ctl_input
TESTS += test/unit/test_ctl_input
test_unit_test_ctl_input_SOURCES = test/unit/test_ctl_input.c $(ctl_test_sources)
test_unit_test_ctl_input_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_input_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += test/unit/test_ctl_terminal
TESTS += test/unit/test_ctl_terminal
test_unit_test_ctl_terminal_SOURCES = test/unit/test_ctl_terminal.c $(ctl_test_sources)
test_unit_test_ctl_terminal_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_terminal_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread

# Allocations that fail on demand: what is linked in statically calls the wrappers,
# so liblbstate's sources are, too.
allocation_ldflags = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray \
	-Wl,--wrap=strdup,--wrap=strndup,--wrap=free \
	-Wl,--wrap=json_loadb,--wrap=json_loads

check_PROGRAMS += test/unit/test_ctl_memory
TESTS += test/unit/test_ctl_memory
test_unit_test_ctl_memory_SOURCES = test/unit/test_ctl_memory.c \
	test/lib/allocation.c test/lib/allocation.h $(ctl_test_sources) $(liblbstate_la_SOURCES)
test_unit_test_ctl_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SQLITE_CFLAGS) $(CURL_CFLAGS)
test_unit_test_ctl_memory_LDFLAGS = $(AM_LDFLAGS) $(allocation_ldflags)
test_unit_test_ctl_memory_LDADD = libctl.la $(CURL_LIBS) $(JANSSON_LIBS) $(SQLITE_LIBS) \
	$(CMOCKA_LIBS) -lpthread

check_PROGRAMS += test/unit/test_client_memory
TESTS += test/unit/test_client_memory
test_unit_test_client_memory_SOURCES = test/unit/test_client_memory.c \
	test/lib/allocation.c test/lib/allocation.h \
	test/lib/fake_daemon.c test/lib/fake_daemon.h $(liblbstate_la_SOURCES)
test_unit_test_client_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SQLITE_CFLAGS) $(CURL_CFLAGS)
test_unit_test_client_memory_LDFLAGS = $(AM_LDFLAGS) $(allocation_ldflags)
test_unit_test_client_memory_LDADD = $(CURL_LIBS) $(JANSSON_LIBS) $(SQLITE_LIBS) $(CMOCKA_LIBS) \
	-lpthread

check_PROGRAMS += test/unit/test_ctl_cluster
TESTS += test/unit/test_ctl_cluster
test_unit_test_ctl_cluster_SOURCES = test/unit/test_ctl_cluster.c $(ctl_test_sources)
test_unit_test_ctl_cluster_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_cluster_LDADD = libctl.la $(CMOCKA_LIBS) -lpthread
