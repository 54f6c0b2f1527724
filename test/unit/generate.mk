# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_mapper
TESTS += test/unit/test_mapper
test_unit_test_mapper_SOURCES = test/unit/test_mapper.c test/lib/engine.c test/lib/sql_file.c \
	test/lib/temp_dir.c
test_unit_test_mapper_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) \
	-DSCHEMA_FILE='"$(abs_top_srcdir)/src/schema/schema.sql"'
test_unit_test_mapper_CFLAGS = $(AM_CFLAGS) -pthread
test_unit_test_mapper_LDADD = libentity.la libnode.la libdb.la libbase.la $(CMOCKA_LIBS)
