# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_client
CODE_TESTS += test/unit/test_client
test_unit_test_client_SOURCES = test/unit/test_client.c src/base/buffer.c src/client/envelope.c
test_unit_test_client_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
# With the shared library itself, so that what it exports is tried.
test_unit_test_client_LINK = $(LIBTOOL_LINK)
test_unit_test_client_LDADD = $(test_libraries) liblbstate.la $(CMOCKA_LIBS) $(JANSSON_LIBS)

check_PROGRAMS += test/unit/test_ctl_text
CODE_TESTS += test/unit/test_ctl_text
test_unit_test_ctl_text_SOURCES = test/unit/test_ctl_text.c
test_unit_test_ctl_text_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_text_LDADD = $(ctl_libraries) $(CMOCKA_LIBS)

# These run lbctl in their process, and a daemon in a thread of it.

check_PROGRAMS += test/unit/test_ctl_verbs
CODE_TESTS += test/unit/test_ctl_verbs
test_unit_test_ctl_verbs_SOURCES = test/unit/test_ctl_verbs.c
test_unit_test_ctl_verbs_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_verbs_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_import
CODE_TESTS += test/unit/test_ctl_import
test_unit_test_ctl_import_SOURCES = test/unit/test_ctl_import.c
test_unit_test_ctl_import_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_import_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_import_dump
CODE_TESTS += test/unit/test_ctl_import_dump
test_unit_test_ctl_import_dump_SOURCES = test/unit/test_ctl_import_dump.c
test_unit_test_ctl_import_dump_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SQLITE_CFLAGS)
test_unit_test_ctl_import_dump_LDADD = $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_formats
CODE_TESTS += test/unit/test_ctl_formats
test_unit_test_ctl_formats_SOURCES = test/unit/test_ctl_formats.c
test_unit_test_ctl_formats_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_formats_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_edit
CODE_TESTS += test/unit/test_ctl_edit
test_unit_test_ctl_edit_SOURCES = test/unit/test_ctl_edit.c
test_unit_test_ctl_edit_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_edit_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_hints
CODE_TESTS += test/unit/test_ctl_hints
test_unit_test_ctl_hints_SOURCES = test/unit/test_ctl_hints.c
test_unit_test_ctl_hints_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_hints_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_input
CODE_TESTS += test/unit/test_ctl_input
test_unit_test_ctl_input_SOURCES = test/unit/test_ctl_input.c
test_unit_test_ctl_input_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_input_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_terminal
CODE_TESTS += test/unit/test_ctl_terminal
test_unit_test_ctl_terminal_SOURCES = test/unit/test_ctl_terminal.c
test_unit_test_ctl_terminal_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_terminal_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

# Allocations that fail on demand: what is linked in statically calls the wrappers.
allocation_ldflags = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=reallocarray \
	-Wl,--wrap=strdup,--wrap=strndup,--wrap=free \
	-Wl,--wrap=json_loadb,--wrap=json_loads

check_PROGRAMS += test/unit/test_ctl_memory
CODE_TESTS += test/unit/test_ctl_memory
test_unit_test_ctl_memory_SOURCES = test/unit/test_ctl_memory.c
test_unit_test_ctl_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SQLITE_CFLAGS) $(CURL_CFLAGS)
test_unit_test_ctl_memory_LINK = $(LINK) $(allocation_ldflags)
test_unit_test_ctl_memory_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_client_memory
CODE_TESTS += test/unit/test_client_memory
test_unit_test_client_memory_SOURCES = test/unit/test_client_memory.c
test_unit_test_client_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	$(SQLITE_CFLAGS) $(CURL_CFLAGS)
test_unit_test_client_memory_LINK = $(LINK) $(allocation_ldflags)
test_unit_test_client_memory_LDADD = $(test_libraries) $(client_libraries) $(SQLITE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_ctl_cluster
CODE_TESTS += test/unit/test_ctl_cluster
test_unit_test_ctl_cluster_SOURCES = test/unit/test_ctl_cluster.c
test_unit_test_ctl_cluster_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_ctl_cluster_LDADD = $(test_libraries) $(ctl_libraries) $(CMOCKA_LIBS)
