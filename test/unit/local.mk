# Included by the Makefile.am at the top. One fragment for each folder of src.
include test/unit/base.mk
include test/unit/db.mk
include test/unit/generate.mk
include test/unit/lb.mk
include test/unit/node.mk
include test/unit/store.mk
include test/unit/cluster.mk
include test/unit/api.mk
include test/unit/client.mk
include test/unit/daemon.mk
