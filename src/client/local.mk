# Included by the Makefile.am at the top.
#
# The files of src/base that the shared library needs are compiled into it. lbctl
# and the tests have the same in them instead (libclient.a), so that they run in the
# build folder without a script that finds the library: of libbase.a they take only
# what isn't linked with systemd's library.
lib_LTLIBRARIES += liblbstate.la
include_lbstatedir = $(includedir)/lbstate
include_lbstate_HEADERS = include/lbstate/lbstate.h
liblbstate_la_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS)
liblbstate_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined -export-symbols-regex '^lbstate_'
liblbstate_la_LIBADD = $(CURL_LIBS) $(JANSSON_LIBS)
liblbstate_la_SOURCES = \
	src/base/buffer.c src/base/buffer.h \
	src/base/clock.c src/base/clock.h \
	src/base/queue.h \
	$(client_sources)
noinst_LIBRARIES += libclient.a
client_libraries = libclient.a libbase.a $(CURL_LIBS) $(JANSSON_LIBS)
libclient_a_CPPFLAGS = $(liblbstate_la_CPPFLAGS)
libclient_a_SOURCES = $(client_sources)
client_sources = \
	src/client/client.c \
	src/client/envelope.c src/client/envelope.h \
	src/client/fail.c src/client/fail.h \
	src/client/forward.c \
	src/client/load_balancer.c \
	src/client/path.c \
	src/client/records.c src/client/records.h \
	src/client/transfer.c src/client/transfer.h
EXTRA_DIST += src/client/README.md
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = src/client/lbstate.pc
