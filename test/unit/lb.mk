# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_lb_ip
CODE_TESTS += test/unit/test_lb_ip
test_unit_test_lb_ip_SOURCES = test/unit/test_lb_ip.c
test_unit_test_lb_ip_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_ip_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_value
CODE_TESTS += test/unit/test_lb_value
test_unit_test_lb_value_SOURCES = test/unit/test_lb_value.c
test_unit_test_lb_value_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_value_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_load_balancer
CODE_TESTS += test/unit/test_lb_load_balancer
test_unit_test_lb_load_balancer_SOURCES = test/unit/test_lb_load_balancer.c
test_unit_test_lb_load_balancer_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_load_balancer_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_forward
CODE_TESTS += test/unit/test_lb_forward
test_unit_test_lb_forward_SOURCES = test/unit/test_lb_forward.c
test_unit_test_lb_forward_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_forward_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_network
CODE_TESTS += test/unit/test_lb_network
test_unit_test_lb_network_SOURCES = test/unit/test_lb_network.c
test_unit_test_lb_network_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_network_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_project
CODE_TESTS += test/unit/test_lb_project
test_unit_test_lb_project_SOURCES = test/unit/test_lb_project.c
test_unit_test_lb_project_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_project_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_etag
CODE_TESTS += test/unit/test_lb_etag
test_unit_test_lb_etag_SOURCES = test/unit/test_lb_etag.c
test_unit_test_lb_etag_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_etag_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_body
CODE_TESTS += test/unit/test_lb_body
test_unit_test_lb_body_SOURCES = test/unit/test_lb_body.c
test_unit_test_lb_body_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_body_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_filter
CODE_TESTS += test/unit/test_lb_filter
test_unit_test_lb_filter_SOURCES = test/unit/test_lb_filter.c
test_unit_test_lb_filter_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_filter_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_sql_guard
CODE_TESTS += test/unit/test_lb_sql_guard
test_unit_test_lb_sql_guard_SOURCES = test/unit/test_lb_sql_guard.c
test_unit_test_lb_sql_guard_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_sql_guard_LDADD = $(lb_libraries) $(CMOCKA_LIBS)

check_PROGRAMS += test/unit/test_lb_memory
CODE_TESTS += test/unit/test_lb_memory
test_unit_test_lb_memory_SOURCES = test/unit/test_lb_memory.c
test_unit_test_lb_memory_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_memory_LDADD = $(lb_libraries) $(CMOCKA_LIBS)
test_unit_test_lb_memory_LINK = $(LINK) -Wl,--wrap=malloc,--wrap=realloc,--wrap=strdup

check_PROGRAMS += test/unit/test_lb_cluster
CODE_TESTS += test/unit/test_lb_cluster
test_unit_test_lb_cluster_SOURCES = test/unit/test_lb_cluster.c
test_unit_test_lb_cluster_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_lb_cluster_LDADD = $(lb_libraries) $(CMOCKA_LIBS)
