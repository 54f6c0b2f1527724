# Included by the Makefile.am at the top.
noinst_LTLIBRARIES += libcluster.la
libcluster_la_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS) $(LLHTTP_CFLAGS)
libcluster_la_LIBADD = libbase.la $(llhttp_libraries) $(UV_LIBS)
libcluster_la_SOURCES = \
	src/cluster/leadership.h \
	src/cluster/peer_connection.c \
	src/cluster/peer_response.c \
	src/cluster/peer_response.h \
	src/cluster/peers.c \
	src/cluster/peers.h \
	src/cluster/peers_internal.h
EXTRA_DIST += src/cluster/README.md src/cluster/cluster.h

# Until src/cluster/leadership.c is there.
libcluster_la_SOURCES += test/lib/leadership.c
