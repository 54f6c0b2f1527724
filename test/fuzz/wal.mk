# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_wal
CODE_TESTS += test/fuzz/fuzz_wal
test_fuzz_fuzz_wal_SOURCES = test/fuzz/fuzz_wal.c test/fuzz/replay.c
test_fuzz_fuzz_wal_CPPFLAGS = $(AM_CPPFLAGS)
test_fuzz_fuzz_wal_LDADD = $(db_libraries)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_wal/checksums \
	test/fuzz/corpus/fuzz_wal/no_log \
	test/fuzz/corpus/fuzz_wal/repaired
