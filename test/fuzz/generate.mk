# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_generate
CODE_TESTS += test/fuzz/fuzz_generate
test_fuzz_fuzz_generate_SOURCES = test/fuzz/fuzz_generate.c test/fuzz/replay.c
test_fuzz_fuzz_generate_CPPFLAGS = $(AM_CPPFLAGS)
test_fuzz_fuzz_generate_LDADD = $(generate_libraries)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_generate/association \
	test/fuzz/corpus/fuzz_generate/coalesce \
	test/fuzz/corpus/fuzz_generate/custom \
	test/fuzz/corpus/fuzz_generate/join_chain \
	test/fuzz/corpus/fuzz_generate/join_circle \
	test/fuzz/corpus/fuzz_generate/joined_key \
	test/fuzz/corpus/fuzz_generate/joined_keys \
	test/fuzz/corpus/fuzz_generate/left_join \
	test/fuzz/corpus/fuzz_generate/omit \
	test/fuzz/corpus/fuzz_generate/order \
	test/fuzz/corpus/fuzz_generate/rows \
	test/fuzz/corpus/fuzz_generate/timestamps \
	test/fuzz/corpus/fuzz_generate/types \
	test/fuzz/corpus/fuzz_generate/versions \
	test/fuzz/corpus/fuzz_generate/wrong
