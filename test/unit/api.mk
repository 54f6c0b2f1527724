# Included by test/unit/local.mk.
check_PROGRAMS += \
	test/unit/test_api_events \
	test/unit/test_api_faults \
	test/unit/test_api_websocket \
	test/unit/test_api_failover \
	test/unit/test_api_forward \
	test/unit/test_api_forward_memory \
	test/unit/test_api_hangup \
	test/unit/test_api_host \
	test/unit/test_api_prometheus \
	test/unit/test_api_operations \
	test/unit/test_api_route \
	test/unit/test_http_lifetime \
	test/unit/test_http_memory \
	test/unit/test_http_parse \
	test/unit/test_http_response \
	test/unit/test_http_server \
	test/unit/test_http_socket
CODE_TESTS += \
	test/unit/test_api_events \
	test/unit/test_api_faults \
	test/unit/test_api_websocket \
	test/unit/test_api_failover \
	test/unit/test_api_forward \
	test/unit/test_api_forward_memory \
	test/unit/test_api_hangup \
	test/unit/test_api_host \
	test/unit/test_api_prometheus \
	test/unit/test_api_operations \
	test/unit/test_api_route \
	test/unit/test_http_lifetime \
	test/unit/test_http_memory \
	test/unit/test_http_parse \
	test/unit/test_http_response \
	test/unit/test_http_server \
	test/unit/test_http_socket

test_unit_test_http_parse_SOURCES = test/unit/test_http_parse.c
test_unit_test_http_parse_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS) $(LLHTTP_CFLAGS)
test_unit_test_http_parse_LDADD = $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_http_response_SOURCES = test/unit/test_http_response.c
test_unit_test_http_response_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_http_response_LDADD = $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_http_lifetime_SOURCES = test/unit/test_http_lifetime.c
test_unit_test_http_lifetime_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_http_lifetime_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_http_memory_SOURCES = test/unit/test_http_memory.c
test_unit_test_http_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_http_memory_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)
test_unit_test_http_memory_LINK = $(LINK) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=strdup

test_unit_test_http_server_SOURCES = test/unit/test_http_server.c
test_unit_test_http_server_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_http_server_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_http_socket_SOURCES = test/unit/test_http_socket.c
test_unit_test_http_socket_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_http_socket_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_route_SOURCES = test/unit/test_api_route.c
test_unit_test_api_route_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_route_LDADD = $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_hangup_SOURCES = test/unit/test_api_hangup.c
test_unit_test_api_hangup_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_hangup_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_prometheus_SOURCES = test/unit/test_api_prometheus.c
test_unit_test_api_prometheus_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_api_prometheus_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_host_SOURCES = test/unit/test_api_host.c
test_unit_test_api_host_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_api_host_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_operations_SOURCES = test/unit/test_api_operations.c
test_unit_test_api_operations_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_operations_LDADD = $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_events_SOURCES = test/unit/test_api_events.c
test_unit_test_api_events_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_api_events_LDADD = $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_websocket_SOURCES = test/unit/test_api_websocket.c
test_unit_test_api_websocket_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_websocket_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_faults_SOURCES = test/unit/test_api_faults.c
test_unit_test_api_faults_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_faults_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)
test_unit_test_api_failover_SOURCES = test/unit/test_api_failover.c $(api_cluster_sources)
test_unit_test_api_failover_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_failover_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_forward_SOURCES = test/unit/test_api_forward.c $(api_cluster_sources)
test_unit_test_api_forward_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_forward_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

test_unit_test_api_forward_memory_SOURCES = test/unit/test_api_forward_memory.c $(api_cluster_sources)
test_unit_test_api_forward_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
test_unit_test_api_forward_memory_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)
test_unit_test_api_forward_memory_LINK = $(LINK) \
	-Wl,--wrap=malloc -Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=strdup

api_cluster_world_sources = test/unit/api_cluster_world.c test/unit/api_cluster_world.h \
	$(fake_cluster_sources)
check_PROGRAMS += test/unit/test_api_cluster
CODE_TESTS += test/unit/test_api_cluster
test_unit_test_api_cluster_SOURCES = test/unit/test_api_cluster.c $(api_cluster_world_sources)
test_unit_test_api_cluster_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_api_cluster_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_api_cluster_peers
CODE_TESTS += test/unit/test_api_cluster_peers
test_unit_test_api_cluster_peers_SOURCES = test/unit/test_api_cluster_peers.c $(api_cluster_world_sources)
test_unit_test_api_cluster_peers_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_api_cluster_peers_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_api_cluster_recorded
CODE_TESTS += test/unit/test_api_cluster_recorded
test_unit_test_api_cluster_recorded_SOURCES = test/unit/test_api_cluster_recorded.c $(api_cluster_world_sources)
test_unit_test_api_cluster_recorded_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS) $(JANSSON_CFLAGS)
test_unit_test_api_cluster_recorded_LDADD = $(test_libraries) $(api_libraries) $(CMOCKA_LIBS)
