# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_wire
CODE_TESTS += test/fuzz/fuzz_wire
test_fuzz_fuzz_wire_SOURCES = test/fuzz/fuzz_wire.c test/fuzz/replay.c
test_fuzz_fuzz_wire_CPPFLAGS = $(AM_CPPFLAGS)
test_fuzz_fuzz_wire_LDADD = $(db_libraries)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_wire/failure \
	test/fuzz/corpus/fuzz_wire/failure_in_rows \
	test/fuzz/corpus/fuzz_wire/garbage \
	test/fuzz/corpus/fuzz_wire/greeting \
	test/fuzz/corpus/fuzz_wire/leader \
	test/fuzz/corpus/fuzz_wire/rows \
	test/fuzz/corpus/fuzz_wire/rows_none \
	test/fuzz/corpus/fuzz_wire/rows_parts \
	test/fuzz/corpus/fuzz_wire/rows_types \
	test/fuzz/corpus/fuzz_wire/rows_wide \
	test/fuzz/corpus/fuzz_wire/write
