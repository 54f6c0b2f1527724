# Included by the Makefile.am at the top.
EXTRA_DIST += \
	contrib/README.md \
	contrib/check \
	contrib/check-format \
	contrib/check-includes \
	contrib/demo \
	contrib/setup
