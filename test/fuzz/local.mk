# Included by the Makefile.am at the top.
include test/fuzz/wire.mk
