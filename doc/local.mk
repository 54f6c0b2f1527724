# Included by the Makefile.am at the top.
EXTRA_DIST += \
	doc/architecture.md \
	doc/dependencies.md \
	doc/engine.md \
	doc/generate-database.md \
	doc/incus-compatibility.md
