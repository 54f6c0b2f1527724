# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_generate_naming
CODE_TESTS += test/unit/test_generate_naming
test_unit_test_generate_naming_SOURCES = test/unit/test_generate_naming.c
test_unit_test_generate_naming_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_generate_naming_LDADD = $(generate_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_mapper
CODE_TESTS += test/unit/test_mapper
test_unit_test_mapper_SOURCES = test/unit/test_mapper.c
test_unit_test_mapper_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) \
	-DSCHEMA_FILE='"$(abs_top_srcdir)/src/schema/schema.sql"'
test_unit_test_mapper_LDADD = $(test_libraries) $(entity_libraries) $(node_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_mapper_json
CODE_TESTS += test/unit/test_mapper_json
test_unit_test_mapper_json_SOURCES = test/unit/test_mapper_json.c
test_unit_test_mapper_json_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_mapper_json_LDADD = $(test_libraries) $(entity_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_mapper_memory
CODE_TESTS += test/unit/test_mapper_memory
test_unit_test_mapper_memory_SOURCES = test/unit/test_mapper_memory.c \
	test/golden/right/association/expect.mapper.c \
	test/golden/right/create_or_replace/expect.mapper.c \
	test/golden/right/joined_key/expect.mapper.c test/golden/right/names/expect.mapper.c \
	test/golden/right/rows/expect.mapper.c
test_unit_test_mapper_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) \
	-DSCHEMA_FILE='"$(abs_top_srcdir)/src/schema/schema.sql"' \
	-DCASES_DIR='"$(abs_top_srcdir)/test/golden/right"'
test_unit_test_mapper_memory_LINK = $(LINK) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc
test_unit_test_mapper_memory_LDADD = $(test_libraries) $(entity_libraries) $(node_libraries) $(CMOCKA_LIBS)

$(test_unit_test_mapper_OBJECTS) $(test_unit_test_mapper_json_OBJECTS) \
$(test_unit_test_mapper_memory_OBJECTS): $(entity_mappers)
