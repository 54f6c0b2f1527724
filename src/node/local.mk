# Included by the Makefile.am at the top.
noinst_LIBRARIES += libnode.a
node_libraries = libnode.a $(ENGINE_LIBS) $(SSL_LIBS) $(UV_LIBS) $(db_libraries)
libnode_a_CPPFLAGS = $(AM_CPPFLAGS) $(ENGINE_CFLAGS) $(JANSSON_CFLAGS) $(SSL_CFLAGS) $(UV_CFLAGS)
libnode_a_SOURCES = \
	src/node/address.c src/node/address.h \
	src/node/certificate.c src/node/certificate.h src/node/certificate_tls.h \
	src/node/connect.c src/node/connect.h \
	src/node/directory.c src/node/directory.h \
	src/node/directory_json.c \
	src/node/engine.h \
	src/node/handover.c src/node/handover.h \
	src/node/identity.c src/node/identity.h \
	src/node/latency.c src/node/latency.h src/node/latency_network.c \
	src/node/node.c src/node/node.h \
	src/node/raft.c src/node/raft.h \
	src/node/raft_asker.c \
	src/node/raft_changer.c \
	src/node/raft_conn.c src/node/raft_conn.h \
	src/node/raft_internal.h \
	src/node/raft_order.c src/node/raft_order.h \
	src/node/raft_worker.c \
	src/node/roles.c src/node/roles.h \
	src/node/roles_health.c \
	src/node/state_dir.c src/node/state_dir.h \
	src/node/state_file.c src/node/state_file.h \
	src/node/tunnel.c src/node/tunnel.h \
	src/node/tunnel_connect.c \
	src/node/tunnel_flow.c \
	src/node/tunnel_internal.h \
	src/node/tunnel_link.c \
	src/node/tunnel_listener.c \
	src/node/tunnel_route.c \
	src/node/tunnel_tls.c \
	src/node/tunnel_watch.c \
	src/node/watchdog.c src/node/watchdog.h
EXTRA_DIST += src/node/README.md
