# Included by the Makefile.am at the top.
check_PROGRAMS += test/conformance/conformance
CODE_TESTS += test/conformance/conformance
test_conformance_conformance_SOURCES = \
	test/conformance/conformance.c \
	test/conformance/go_json.c \
	test/conformance/go_json.h \
	test/conformance/rules.c \
	test/conformance/rules.h \
	test/conformance/transcript.c \
	test/conformance/transcript.h
test_conformance_conformance_CPPFLAGS = $(AM_CPPFLAGS) -DTEST_DIR=\"$(abs_top_srcdir)/test\" $(JANSSON_CFLAGS) \
	$(CRYPTO_CFLAGS)
test_conformance_conformance_LDADD = $(test_libraries) $(JANSSON_LIBS) $(CRYPTO_LIBS)
EXTRA_DIST += \
	test/conformance/README.md \
	test/conformance/deviations.json \
	test/conformance/expected-failures \
	test/data/golden
