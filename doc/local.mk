# Included by the Makefile.am at the top.
EXTRA_DIST += \
	doc/api.md \
	doc/architecture.md \
	doc/dependencies.md \
	doc/engine.md \
	doc/generate-database.md \
	doc/incus-compatibility.md \
	doc/operations.md \
	doc/quick-start.md

# generate-database isn't installed, so neither is its page.
dist_man_MANS = doc/man/lbctl.1 doc/man/lbstated.8
EXTRA_DIST += doc/man/generate-database.1
