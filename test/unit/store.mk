# Included by test/unit/local.mk.
store_test_sources = test/lib/proxy.c test/lib/store_fixture.c test/lib/temp_dir.c
store_test_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
store_test_cflags = $(AM_CFLAGS) -pthread
store_test_libs = libstore.la libnode.la libdb.la libbase.la $(UV_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_store
TESTS += test/unit/test_store
test_unit_test_store_SOURCES = test/unit/test_store.c $(store_test_sources)
test_unit_test_store_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_CFLAGS = $(store_test_cflags)
test_unit_test_store_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_answers
TESTS += test/unit/test_store_answers
test_unit_test_store_answers_SOURCES = test/unit/test_store_answers.c $(store_test_sources)
test_unit_test_store_answers_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_answers_CFLAGS = $(store_test_cflags)
test_unit_test_store_answers_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_dump
TESTS += test/unit/test_store_dump
test_unit_test_store_dump_SOURCES = test/unit/test_store_dump.c $(store_test_sources)
test_unit_test_store_dump_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_dump_CFLAGS = $(store_test_cflags)
test_unit_test_store_dump_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_faults
TESTS += test/unit/test_store_faults
test_unit_test_store_faults_SOURCES = test/unit/test_store_faults.c $(store_test_sources)
test_unit_test_store_faults_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_faults_CFLAGS = $(store_test_cflags)
test_unit_test_store_faults_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_memory
TESTS += test/unit/test_store_memory
test_unit_test_store_memory_SOURCES = test/unit/test_store_memory.c $(store_test_sources)
test_unit_test_store_memory_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_memory_CFLAGS = $(store_test_cflags)
test_unit_test_store_memory_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup \
	-Wl,--wrap=executor_main,--wrap=reader_main
test_unit_test_store_memory_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_leads
TESTS += test/unit/test_store_leads
test_unit_test_store_leads_SOURCES = test/unit/test_store_leads.c $(store_test_sources)
test_unit_test_store_leads_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_leads_CFLAGS = $(store_test_cflags)
test_unit_test_store_leads_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_schema
TESTS += test/unit/test_store_schema
test_unit_test_store_schema_SOURCES = test/unit/test_store_schema.c $(store_test_sources)
test_unit_test_store_schema_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_schema_CFLAGS = $(store_test_cflags)
test_unit_test_store_schema_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_full
TESTS += test/unit/test_store_full
test_unit_test_store_full_SOURCES = test/unit/test_store_full.c $(store_test_sources)
test_unit_test_store_full_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_full_CFLAGS = $(store_test_cflags)
test_unit_test_store_full_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_members
TESTS += test/unit/test_store_members
test_unit_test_store_members_SOURCES = test/unit/test_store_members.c $(store_test_sources)
test_unit_test_store_members_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_members_CFLAGS = $(store_test_cflags)
test_unit_test_store_members_LDADD = $(store_test_libs)

dist_check_SCRIPTS += test/unit/test_schema_files.sh
TESTS += test/unit/test_schema_files.sh

check_PROGRAMS += test/unit/test_store_local
TESTS += test/unit/test_store_local
test_unit_test_store_local_SOURCES = test/unit/test_store_local.c $(store_test_sources)
test_unit_test_store_local_CPPFLAGS = $(store_test_cppflags) -DTEST_DATA_DIR=\"$(abs_top_srcdir)/test/data\"
test_unit_test_store_local_CFLAGS = $(store_test_cflags)
test_unit_test_store_local_LDADD = $(store_test_libs)
