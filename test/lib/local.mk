# Included by the Makefile.am at the top.
EXTRA_DIST += test/lib/cmocka_all.h

# The sources of a test that runs the real daemon.
TEST_DAEMON_SOURCES = \
	test/lib/daemon.c \
	test/lib/daemon.h \
	test/lib/http_client.c \
	test/lib/http_client.h
