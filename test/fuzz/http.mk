# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_http
CODE_TESTS += test/fuzz/fuzz_http
test_fuzz_fuzz_http_SOURCES = test/fuzz/fuzz_http.c test/fuzz/replay.c
test_fuzz_fuzz_http_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS) $(LLHTTP_CFLAGS)
test_fuzz_fuzz_http_LDADD = $(api_libraries)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_http/chunked \
	test/fuzz/corpus/fuzz_http/get \
	test/fuzz/corpus/fuzz_http/lines \
	test/fuzz/corpus/fuzz_http/old \
	test/fuzz/corpus/fuzz_http/options \
	test/fuzz/corpus/fuzz_http/pipelined \
	test/fuzz/corpus/fuzz_http/preface \
	test/fuzz/corpus/fuzz_http/put \
	test/fuzz/corpus/fuzz_http/smuggle \
	test/fuzz/corpus/fuzz_http/upgrade
