# Included by the Makefile.am at the top.
EXTRA_DIST += src/schema/README.md src/schema/schema.sql src/schema/version
