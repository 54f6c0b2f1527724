# Included by the Makefile.am at the top.
entity_headers = \
	src/entity/cluster_group.h \
	src/entity/cluster_identity.h \
	src/entity/cluster_member.h \
	src/entity/cluster_token.h \
	src/entity/network.h \
	src/entity/network_external_address.h \
	src/entity/network_external_subnet.h \
	src/entity/network_forward.h \
	src/entity/network_load_balancer.h \
	src/entity/project.h \
	src/entity/server_config.h
entity_mappers = \
	src/entity/cluster_group.mapper.c src/entity/cluster_group.mapper.h \
	src/entity/cluster_identity.mapper.c src/entity/cluster_identity.mapper.h \
	src/entity/cluster_member.mapper.c src/entity/cluster_member.mapper.h \
	src/entity/cluster_token.mapper.c src/entity/cluster_token.mapper.h \
	src/entity/network.mapper.c src/entity/network.mapper.h \
	src/entity/network_external_address.mapper.c src/entity/network_external_address.mapper.h \
	src/entity/network_external_subnet.mapper.c src/entity/network_external_subnet.mapper.h \
	src/entity/network_forward.mapper.c src/entity/network_forward.mapper.h \
	src/entity/network_load_balancer.mapper.c src/entity/network_load_balancer.mapper.h \
	src/entity/project.mapper.c src/entity/project.mapper.h \
	src/entity/server_config.mapper.c src/entity/server_config.mapper.h
entity_stamp = src/entity/mappers.stamp

noinst_LIBRARIES += libentity.a
entity_libraries = libentity.a $(db_libraries)
libentity_a_SOURCES = $(entity_headers)
nodist_libentity_a_SOURCES = $(entity_mappers)

# One run makes all mappers: it can tell what two headers have in common, and
# make -j starts it once. The stamp says that it was done; a mapper is rewritten
# only if it changed, so that what includes it isn't built in vain.
$(entity_stamp): src/generate/generate-database$(EXEEXT) src/schema/schema.sql $(entity_headers)
	$(AM_V_GEN)$(MKDIR_P) src/entity && rm -f $@ && \
	src/generate/generate-database$(EXEEXT) --schema $(srcdir)/src/schema/schema.sql \
		--output-dir src/entity --source-prefix entity/ \
		`for header in $(entity_headers); do echo $(srcdir)/$$header; done` && \
	touch $@

# What each statement costs and how it finds its rows.
query-report: $(entity_stamp)
	$(AM_V_GEN)src/generate/generate-database$(EXEEXT) --schema $(srcdir)/src/schema/schema.sql \
		--output-dir src/entity --source-prefix entity/ --report query-report.txt \
		`for header in $(entity_headers); do echo $(srcdir)/$$header; done`
	@echo "see query-report.txt"
.PHONY: query-report

# A mapper that was removed by hand is made again.
$(entity_mappers): $(entity_stamp)
	@if test ! -f $@; then \
	  rm -f $(entity_stamp); \
	  $(MAKE) $(AM_MAKEFLAGS) $(entity_stamp); \
	fi

# BUILT_SOURCES are made before `make all` and `make check` only; so that a single
# target can be built in a fresh folder, whatever includes a mapper says so:
#     $(libNAME_a_OBJECTS): $(entity_mappers)
$(libentity_a_OBJECTS): $(entity_mappers)

BUILT_SOURCES += $(entity_mappers)
CLEANFILES += $(entity_mappers) $(entity_stamp) query-report.txt
EXTRA_DIST += src/entity/README.md
