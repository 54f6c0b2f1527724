# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_client
TESTS += test/unit/test_client
test_unit_test_client_SOURCES = test/unit/test_client.c \
	src/client/envelope.c \
	test/lib/fake_daemon.c test/lib/fake_daemon.h
test_unit_test_client_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_client_LDADD = liblbstate.la libbase.la $(CMOCKA_LIBS) $(JANSSON_LIBS) -lpthread
