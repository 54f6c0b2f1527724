# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_filter
CODE_TESTS += test/fuzz/fuzz_filter
test_fuzz_fuzz_filter_SOURCES = test/fuzz/fuzz_filter.c test/fuzz/replay.c
test_fuzz_fuzz_filter_CPPFLAGS = $(AM_CPPFLAGS)
test_fuzz_fuzz_filter_LDADD = $(lb_libraries)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_filter/abbreviation \
	test/fuzz/corpus/fuzz_filter/boolean \
	test/fuzz/corpus/fuzz_filter/bracket \
	test/fuzz/corpus/fuzz_filter/compound \
	test/fuzz/corpus/fuzz_filter/integer \
	test/fuzz/corpus/fuzz_filter/list \
	test/fuzz/corpus/fuzz_filter/nested \
	test/fuzz/corpus/fuzz_filter/quoted \
	test/fuzz/corpus/fuzz_filter/regexp \
	test/fuzz/corpus/fuzz_filter/repeat \
	test/fuzz/corpus/fuzz_filter/strings \
	test/fuzz/corpus/fuzz_filter/unknown
