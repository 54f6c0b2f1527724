# Included by the Makefile.am at the top.
noinst_LIBRARIES += libapi.a
api_libraries = libapi.a $(WSLAY_LIBS) $(cluster_libraries)
libapi_a_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS) $(JANSSON_CFLAGS) $(LLHTTP_CFLAGS) \
	$(CRYPTO_CFLAGS) $(SSL_CFLAGS)
libapi_a_SOURCES = \
	src/api/api.c \
	src/api/api.h \
	src/api/forward.c \
	src/api/forward.h \
	src/api/forward_answer.c \
	src/api/forward_terms.c \
	src/api/forwards.c \
	src/api/cluster.c \
	src/api/cluster_admin.c \
	src/api/cluster_call.c \
	src/api/cluster_call.h \
	src/api/cluster_groups.c \
	src/api/cluster_member_state.c \
	src/api/cluster_members.c \
	src/api/cluster_own.c \
	src/api/cluster_peers.c \
	src/api/cluster_tokens.c \
	src/api/cluster_tokens.h \
	src/api/event_sockets.c \
	src/api/event_sockets.h \
	src/api/events.c \
	src/api/events.h \
	src/api/events_get.c \
	src/api/handlers.h \
	src/api/host.c \
	src/api/host.h \
	src/api/http.h \
	src/api/http_answer.c \
	src/api/http_connection.c \
	src/api/http_connection.h \
	src/api/http_connection_state.h \
	src/api/http_hangup.c \
	src/api/http_hangup.h \
	src/api/http_head.c \
	src/api/http_head.h \
	src/api/http_parse.c \
	src/api/http_parse.h \
	src/api/http_query.c \
	src/api/http_response.c \
	src/api/http_response.h \
	src/api/http_server.c \
	src/api/http_server.h \
	src/api/http_socket.c \
	src/api/http_socket.h \
	src/api/internal.c \
	src/api/listener.c \
	src/api/listener.h \
	src/api/lifecycle.c \
	src/api/lifecycle.h \
	src/api/list.c \
	src/api/list.h \
	src/api/load_balancers.c \
	src/api/metrics.c \
	src/api/networks.c \
	src/api/operations.c \
	src/api/operations.h \
	src/api/projects.c \
	src/api/prometheus.c \
	src/api/prometheus.h \
	src/api/response.c \
	src/api/response.h \
	src/api/route.c \
	src/api/route.h \
	src/api/routes.c \
	src/api/server.c \
	src/api/url.c \
	src/api/url.h \
	src/api/used_by.c \
	src/api/used_by.h \
	src/api/user.c \
	src/api/user.h \
	src/api/websocket.c \
	src/api/websocket.h \
	src/api/websocket_handshake.c \
	src/api/websocket_handshake.h
EXTRA_DIST += src/api/README.md

$(libapi_a_OBJECTS): $(entity_mappers)
