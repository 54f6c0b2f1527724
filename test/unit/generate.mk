# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_generate_naming
TESTS += test/unit/test_generate_naming
test_unit_test_generate_naming_SOURCES = test/unit/test_generate_naming.c \
	src/generate/memory.c src/generate/naming.c
test_unit_test_generate_naming_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_generate_naming_LDADD = libbase.la $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_mapper
TESTS += test/unit/test_mapper
test_unit_test_mapper_SOURCES = test/unit/test_mapper.c test/lib/engine.c test/lib/sql_file.c \
	test/lib/temp_dir.c
test_unit_test_mapper_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) \
	-DSCHEMA_FILE='"$(abs_top_srcdir)/src/schema/schema.sql"'
test_unit_test_mapper_CFLAGS = $(AM_CFLAGS) -pthread
test_unit_test_mapper_LDADD = libentity.la libnode.la libdb.la libbase.la $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_mapper_json
TESTS += test/unit/test_mapper_json
test_unit_test_mapper_json_SOURCES = test/unit/test_mapper_json.c \
	test/unit/parse_json.c test/unit/parse_json.h
test_unit_test_mapper_json_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_mapper_json_LDADD = libentity.la libdb.la libbase.la $(CMOCKA_LIBS) $(JANSSON_LIBS) -lm

check_PROGRAMS += test/unit/test_mapper_memory
TESTS += test/unit/test_mapper_memory
test_unit_test_mapper_memory_SOURCES = test/unit/test_mapper_memory.c test/lib/engine.c \
	test/golden/right/association/expect.mapper.c \
	test/golden/right/create_or_replace/expect.mapper.c \
	test/golden/right/joined_key/expect.mapper.c \
	test/golden/right/names/expect.mapper.c test/golden/right/rows/expect.mapper.c \
	test/lib/sql_file.c test/lib/temp_dir.c
test_unit_test_mapper_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) \
	-DSCHEMA_FILE='"$(abs_top_srcdir)/src/schema/schema.sql"' \
	-DCASES_DIR='"$(abs_top_srcdir)/test/golden/right"'
test_unit_test_mapper_memory_CFLAGS = $(AM_CFLAGS) -pthread
test_unit_test_mapper_memory_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc
test_unit_test_mapper_memory_LDADD = libentity.la libnode.la libdb.la libbase.la \
	$(CMOCKA_LIBS)

$(test_unit_test_mapper_OBJECTS) $(test_unit_test_mapper_json_OBJECTS) \
$(test_unit_test_mapper_memory_OBJECTS): $(entity_mappers)
