# Included by the Makefile.am at the top.
EXTRA_DIST += test/lib/cmocka_all.h
