# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_body
CODE_TESTS += test/fuzz/fuzz_body
test_fuzz_fuzz_body_SOURCES = test/fuzz/fuzz_body.c test/fuzz/replay.c
test_fuzz_fuzz_body_CPPFLAGS = $(AM_CPPFLAGS)
test_fuzz_fuzz_body_LDADD = $(lb_libraries)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_body/bridge \
	test/fuzz/corpus/fuzz_body/deep \
	test/fuzz/corpus/fuzz_body/forward \
	test/fuzz/corpus/fuzz_body/full \
	test/fuzz/corpus/fuzz_body/ipv6 \
	test/fuzz/corpus/fuzz_body/lenient \
	test/fuzz/corpus/fuzz_body/minimal \
	test/fuzz/corpus/fuzz_body/network \
	test/fuzz/corpus/fuzz_body/physical \
	test/fuzz/corpus/fuzz_body/project \
	test/fuzz/corpus/fuzz_body/sql

check_PROGRAMS += test/fuzz/fuzz_sql_guard
CODE_TESTS += test/fuzz/fuzz_sql_guard
test_fuzz_fuzz_sql_guard_SOURCES = test/fuzz/fuzz_sql_guard.c test/fuzz/replay.c
test_fuzz_fuzz_sql_guard_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
test_fuzz_fuzz_sql_guard_LDADD = $(lb_libraries) $(SQLITE_LIBS)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_sql_guard/blanks \
	test/fuzz/corpus/fuzz_sql_guard/comments \
	test/fuzz/corpus/fuzz_sql_guard/functions \
	test/fuzz/corpus/fuzz_sql_guard/refused \
	test/fuzz/corpus/fuzz_sql_guard/returning \
	test/fuzz/corpus/fuzz_sql_guard/rows \
	test/fuzz/corpus/fuzz_sql_guard/tables \
	test/fuzz/corpus/fuzz_sql_guard/temporary \
	test/fuzz/corpus/fuzz_sql_guard/trigger \
	test/fuzz/corpus/fuzz_sql_guard/types \
	test/fuzz/corpus/fuzz_sql_guard/writes
