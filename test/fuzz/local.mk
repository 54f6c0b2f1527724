# Included by the Makefile.am at the top.
include test/fuzz/generate.mk
include test/fuzz/filter.mk
include test/fuzz/http.mk
include test/fuzz/websocket.mk
include test/fuzz/lb.mk
include test/fuzz/wal.mk
include test/fuzz/wire.mk
