# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_daemon_settings
CODE_TESTS += test/unit/test_daemon_settings
test_unit_test_daemon_settings_SOURCES = test/unit/test_daemon_settings.c src/daemon/settings.c
test_unit_test_daemon_settings_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(INIH_CFLAGS) $(UV_CFLAGS) \
	$(SSL_CFLAGS)
test_unit_test_daemon_settings_LDADD = $(cluster_libraries) $(CMOCKA_LIBS) $(INIH_LIBS)
