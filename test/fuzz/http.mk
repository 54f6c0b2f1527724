# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_http
test_fuzz_fuzz_http_SOURCES = test/fuzz/fuzz_http.c
test_fuzz_fuzz_http_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS) $(LLHTTP_CFLAGS)
test_fuzz_fuzz_http_LDADD = libapi.la
