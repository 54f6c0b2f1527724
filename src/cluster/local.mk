# Included by the Makefile.am at the top.
noinst_LIBRARIES += libcluster.a
cluster_libraries = libcluster.a $(llhttp_libraries) $(store_libraries)
libcluster_a_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS) $(JANSSON_CFLAGS) $(SSL_CFLAGS) \
	$(LLHTTP_CFLAGS)
libcluster_a_SOURCES = \
	src/cluster/cluster.c src/cluster/cluster.h \
	src/cluster/cluster_internal.h \
	src/cluster/enable.c \
	src/cluster/heartbeat.c \
	src/cluster/join.c src/cluster/join.h \
	src/cluster/join_token.c \
	src/cluster/knock.c \
	src/cluster/leadership.c src/cluster/leadership.h \
	src/cluster/leave.c \
	src/cluster/names.c src/cluster/names.h \
	src/cluster/own_record.c \
	src/cluster/peer_connection.c \
	src/cluster/peer_response.c src/cluster/peer_response.h \
	src/cluster/peers.c src/cluster/peers.h src/cluster/peers_internal.h \
	src/cluster/refresh.c \
	src/cluster/spread.c \
	src/cluster/quorum.c \
	src/cluster/survey.c \
	src/cluster/tasks.c \
	src/cluster/tending.c
EXTRA_DIST += src/cluster/README.md

$(libcluster_a_OBJECTS): $(entity_mappers)
