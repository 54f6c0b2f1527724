# Included by test/unit/local.mk.
check_PROGRAMS += test/unit/test_db_tx
TESTS += test/unit/test_db_tx
test_unit_test_db_tx_SOURCES = test/unit/test_db_tx.c test/lib/engine.c test/lib/temp_dir.c
test_unit_test_db_tx_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
test_unit_test_db_tx_CFLAGS = $(AM_CFLAGS) -pthread
test_unit_test_db_tx_LDADD = libnode.la libdb.la libbase.la $(CMOCKA_LIBS)
