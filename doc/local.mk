# Included by the Makefile.am at the top.
EXTRA_DIST += doc/engine.md
