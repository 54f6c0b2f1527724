# Included by test/fuzz/local.mk.
check_PROGRAMS += test/fuzz/fuzz_websocket
CODE_TESTS += test/fuzz/fuzz_websocket
test_fuzz_fuzz_websocket_SOURCES = test/fuzz/fuzz_websocket.c test/fuzz/replay.c
test_fuzz_fuzz_websocket_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS)
test_fuzz_fuzz_websocket_LDADD = $(api_libraries)
EXTRA_DIST += \
	test/fuzz/corpus/fuzz_websocket/close \
	test/fuzz/corpus/fuzz_websocket/large \
	test/fuzz/corpus/fuzz_websocket/long \
	test/fuzz/corpus/fuzz_websocket/pieces \
	test/fuzz/corpus/fuzz_websocket/ping \
	test/fuzz/corpus/fuzz_websocket/unmasked \
	test/fuzz/corpus/fuzz_websocket/utf8
