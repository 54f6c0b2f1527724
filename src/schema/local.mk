# Included by the Makefile.am at the top.
# What the program has in it: the updates, too, once there are some.
schema_files = \
	$(srcdir)/src/schema/checksums \
	$(srcdir)/src/schema/released/schema-1.sql \
	$(srcdir)/src/schema/schema.sql \
	$(srcdir)/src/schema/version
EXTRA_DIST += src/schema/README.md $(schema_files)
