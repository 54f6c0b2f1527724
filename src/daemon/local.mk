# Included by the Makefile.am at the top.
sbin_PROGRAMS += lbstated
lbstated_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS) $(INIH_CFLAGS) $(SYSTEMD_CFLAGS) $(SSL_CFLAGS)
lbstated_LDADD = $(api_libraries) $(INIH_LIBS)
lbstated_SOURCES = \
	src/daemon/bring_up.c \
	src/daemon/bring_up.h \
	src/daemon/endpoint.c \
	src/daemon/endpoint.h \
	src/daemon/settings.c \
	src/daemon/settings.h \
	src/daemon/daemon.c \
	src/daemon/daemon.h \
	src/daemon/main.c
EXTRA_DIST += src/daemon/README.md
