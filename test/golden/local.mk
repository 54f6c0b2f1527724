# Included by the Makefile.am at the top.
check_PROGRAMS += test/golden/behaviour
CODE_TESTS += test/golden/behaviour
test_golden_behaviour_SOURCES = test/golden/behaviour.c test/golden/behaviour.h \
	test/golden/right/delete/behaviour.c test/golden/right/delete/expect.mapper.c \
	test/golden/right/ignore/behaviour.c test/golden/right/ignore/expect.mapper.c \
	test/golden/right/join/behaviour.c test/golden/right/join/expect.mapper.c \
	test/golden/right/join_chain/behaviour.c test/golden/right/join_chain/expect.mapper.c \
	test/golden/right/joined_key/behaviour.c test/golden/right/joined_key/expect.mapper.c \
	test/golden/right/joined_keys/behaviour.c test/golden/right/joined_keys/expect.mapper.c \
	test/golden/right/json/behaviour.c test/golden/right/json/expect.mapper.c \
	test/golden/right/key/behaviour.c test/golden/right/key/expect.mapper.c \
	test/golden/right/label/behaviour.c test/golden/right/label/expect.mapper.c \
	test/golden/right/marshal/behaviour.c test/golden/right/marshal/expect.mapper.c \
	test/golden/right/minimal/behaviour.c test/golden/right/minimal/expect.mapper.c \
	test/golden/right/references/behaviour.c test/golden/right/references/expect.mapper.c \
	test/golden/right/selectors/behaviour.c test/golden/right/selectors/expect.mapper.c \
	test/golden/right/several/behaviour.c test/golden/right/several/expect.mapper.c \
	test/golden/right/types/behaviour.c test/golden/right/types/expect.mapper.c \
	test/golden/right/names/behaviour.c test/golden/right/names/expect.mapper.c \
	test/golden/right/create_or_replace/behaviour.c \
	test/golden/right/create_or_replace/expect.mapper.c test/golden/right/column/behaviour.c \
	test/golden/right/column/expect.mapper.c test/golden/right/coalesce/behaviour.c \
	test/golden/right/coalesce/expect.mapper.c test/golden/right/left_join/behaviour.c \
	test/golden/right/left_join/expect.mapper.c test/golden/right/order/behaviour.c \
	test/golden/right/order/expect.mapper.c test/golden/right/omit/behaviour.c \
	test/golden/right/omit/expect.mapper.c test/golden/right/timestamps/behaviour.c \
	test/golden/right/timestamps/expect.mapper.c test/golden/right/custom/behaviour.c \
	test/golden/right/custom/expect.mapper.c test/golden/right/association/behaviour.c \
	test/golden/right/association/expect.mapper.c test/golden/right/rows/behaviour.c \
	test/golden/right/rows/expect.mapper.c test/golden/right/cost/behaviour.c \
	test/golden/right/cost/expect.mapper.c test/golden/right/versions/behaviour.c \
	test/golden/right/versions/expect.mapper.c test/golden/right/embed/behaviour.c \
	test/golden/right/embed/expect.mapper.c
test_golden_behaviour_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS) \
	-DCASES_DIR='"$(abs_top_srcdir)/test/golden/right"'
test_golden_behaviour_LDADD = $(test_libraries) $(node_libraries) $(CMOCKA_LIBS)

dist_check_SCRIPTS += test/golden/golden.sh test/golden/messages.sh test/golden/types.sh
SOURCE_TESTS += test/golden/messages.sh test/golden/types.sh
test/golden/golden.log: src/generate/generate-database$(EXEEXT)

# Rewrites what is expected of the generator; read the difference before it is
# committed.
update-golden: src/generate/generate-database$(EXEEXT)
	$(srcdir)/test/golden/golden.sh --update
.PHONY: update-golden

# What is built stands beside the cases of right/, so their files are named.
EXTRA_DIST += \
	test/golden/right/embed/input.h test/golden/right/embed/schema.sql \
	test/golden/right/embed/expect.mapper.h \
	test/golden/right/delete/input.h test/golden/right/delete/schema.sql \
	test/golden/right/delete/expect.mapper.h \
	test/golden/right/ignore/input.h test/golden/right/ignore/schema.sql \
	test/golden/right/ignore/expect.mapper.h \
	test/golden/right/join/input.h test/golden/right/join/schema.sql \
	test/golden/right/join/expect.mapper.h \
	test/golden/right/join_chain/input.h test/golden/right/join_chain/schema.sql \
	test/golden/right/join_chain/expect.mapper.h \
	test/golden/right/joined_key/input.h test/golden/right/joined_key/schema.sql \
	test/golden/right/joined_key/expect.mapper.h \
	test/golden/right/joined_keys/input.h test/golden/right/joined_keys/schema.sql \
	test/golden/right/joined_keys/expect.mapper.h \
	test/golden/right/json/input.h test/golden/right/json/schema.sql \
	test/golden/right/json/expect.mapper.h \
	test/golden/right/key/input.h test/golden/right/key/schema.sql \
	test/golden/right/key/expect.mapper.h \
	test/golden/right/label/input.h test/golden/right/label/schema.sql \
	test/golden/right/label/expect.mapper.h \
	test/golden/right/marshal/input.h test/golden/right/marshal/schema.sql \
	test/golden/right/marshal/expect.mapper.h \
	test/golden/right/minimal/input.h test/golden/right/minimal/schema.sql \
	test/golden/right/minimal/expect.mapper.h \
	test/golden/right/references/input.h test/golden/right/references/schema.sql \
	test/golden/right/references/expect.mapper.h \
	test/golden/right/selectors/input.h test/golden/right/selectors/schema.sql \
	test/golden/right/selectors/expect.mapper.h \
	test/golden/right/several/input.h test/golden/right/several/schema.sql \
	test/golden/right/several/expect.mapper.h \
	test/golden/right/names/input.h test/golden/right/names/schema.sql \
	test/golden/right/names/expect.mapper.h \
	test/golden/right/create_or_replace/input.h test/golden/right/create_or_replace/schema.sql \
	test/golden/right/create_or_replace/expect.mapper.h \
	test/golden/right/column/input.h test/golden/right/column/schema.sql \
	test/golden/right/column/expect.mapper.h \
	test/golden/right/coalesce/input.h test/golden/right/coalesce/schema.sql \
	test/golden/right/coalesce/expect.mapper.h \
	test/golden/right/left_join/input.h test/golden/right/left_join/schema.sql \
	test/golden/right/left_join/expect.mapper.h \
	test/golden/right/order/input.h test/golden/right/order/schema.sql \
	test/golden/right/order/expect.mapper.h \
	test/golden/right/omit/input.h test/golden/right/omit/schema.sql \
	test/golden/right/omit/expect.mapper.h \
	test/golden/right/timestamps/input.h test/golden/right/timestamps/schema.sql \
	test/golden/right/timestamps/expect.mapper.h \
	test/golden/right/custom/input.h test/golden/right/custom/schema.sql \
	test/golden/right/custom/expect.mapper.h \
	test/golden/right/association/input.h test/golden/right/association/schema.sql \
	test/golden/right/association/expect.mapper.h \
	test/golden/right/rows/input.h test/golden/right/rows/schema.sql \
	test/golden/right/rows/expect.mapper.h \
	test/golden/right/cost/input.h test/golden/right/cost/schema.sql \
	test/golden/right/cost/expect.mapper.h \
	test/golden/right/versions/input.h test/golden/right/versions/schema.sql \
	test/golden/right/versions/expect.mapper.h \
	test/golden/right/types/input.h test/golden/right/types/schema.sql \
	test/golden/right/types/expect.mapper.h

# Folders: their files are what the scripts find in them.
EXTRA_DIST += test/golden/schema.sql test/golden/wrong test/golden/types
