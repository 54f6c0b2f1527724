# Included by test/unit/local.mk.
store_test_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
schema_text_sources = test/lib/schema_text.c test/lib/schema_text.h
store_test_libs = $(test_libraries) $(store_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_store
CODE_TESTS += test/unit/test_store
test_unit_test_store_SOURCES = test/unit/test_store.c
test_unit_test_store_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_answers
test_unit_test_store_answers_SOURCES = test/unit/test_store_answers.c
test_unit_test_store_answers_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_answers_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_dump
CODE_TESTS += test/unit/test_store_dump
test_unit_test_store_dump_SOURCES = test/unit/test_store_dump.c
test_unit_test_store_dump_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_dump_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_faults
test_unit_test_store_faults_SOURCES = test/unit/test_store_faults.c
test_unit_test_store_faults_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_faults_LDADD = $(store_test_libs)
$(test_unit_test_store_faults_OBJECTS): $(entity_mappers)

check_PROGRAMS += test/unit/test_store_memory
CODE_TESTS += test/unit/test_store_memory
test_unit_test_store_memory_SOURCES = test/unit/test_store_memory.c
test_unit_test_store_memory_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_memory_LINK = $(LINK) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup \
	-Wl,--wrap=executor_main,--wrap=reader_main
test_unit_test_store_memory_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_leads
CODE_TESTS += test/unit/test_store_leads
test_unit_test_store_leads_SOURCES = test/unit/test_store_leads.c
test_unit_test_store_leads_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_leads_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_schema
CODE_TESTS += test/unit/test_store_schema
test_unit_test_store_schema_SOURCES = test/unit/test_store_schema.c $(schema_text_sources)
test_unit_test_store_schema_CPPFLAGS = $(store_test_cppflags) \
	-DSCHEMA_DIR=\"$(abs_top_srcdir)/src/schema\"
test_unit_test_store_schema_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_full
CODE_TESTS += test/unit/test_store_full
test_unit_test_store_full_SOURCES = test/unit/test_store_full.c
test_unit_test_store_full_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_full_LDADD = $(store_test_libs)

check_PROGRAMS += test/unit/test_store_members
CODE_TESTS += test/unit/test_store_members
test_unit_test_store_members_SOURCES = test/unit/test_store_members.c
test_unit_test_store_members_CPPFLAGS = $(store_test_cppflags)
test_unit_test_store_members_LDADD = $(store_test_libs)

# The store of a program whose schema is newer than the database's: the test has a schema of
# its own, which takes the place of the one in libstore.
check_PROGRAMS += test/unit/test_store_update
CODE_TESTS += test/unit/test_store_update
test_unit_test_store_update_SOURCES = test/unit/test_store_update.c $(schema_text_sources)
test_unit_test_store_update_CPPFLAGS = $(store_test_cppflags) \
	-DSCHEMA_DIR=\"$(abs_top_srcdir)/src/schema\"
test_unit_test_store_update_LDADD = $(store_test_libs)

dist_check_SCRIPTS += test/unit/test_schema_files.sh
SOURCE_TESTS += test/unit/test_schema_files.sh

check_PROGRAMS += test/unit/test_schema_updates
CODE_TESTS += test/unit/test_schema_updates
test_unit_test_schema_updates_SOURCES = test/unit/test_schema_updates.c $(schema_text_sources)
nodist_test_unit_test_schema_updates_SOURCES = src/store/schema_sql.c
test_unit_test_schema_updates_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(SQLITE_CFLAGS) \
	-DSCHEMA_DIR=\"$(abs_top_srcdir)/src/schema\"
test_unit_test_schema_updates_LDADD = libbase.a $(SQLITE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_store_local
CODE_TESTS += test/unit/test_store_local
test_unit_test_store_local_SOURCES = test/unit/test_store_local.c
test_unit_test_store_local_CPPFLAGS = $(store_test_cppflags) -DTEST_DATA_DIR=\"$(abs_top_srcdir)/test/data\"
test_unit_test_store_local_LDADD = $(store_test_libs)
