# Included by the Makefile.am at the top.
noinst_LIBRARIES += libstore.a
store_libraries = libstore.a $(UV_LIBS) $(lb_libraries) $(entity_libraries) $(node_libraries)
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS)
libstore_a_SOURCES = \
	src/store/dump.c \
	src/store/dump.h \
	src/store/executor.c \
	src/store/forwards.c \
	src/store/forwards.h \
	src/store/groups.c \
	src/store/groups.h \
	src/store/internal.h \
	src/store/journal.c \
	src/store/journal.h \
	src/store/listener.c \
	src/store/listener.h \
	src/store/load_balancers.c \
	src/store/load_balancers.h \
	src/store/local_reader.c \
	src/store/lookup.c \
	src/store/lookup.h \
	src/store/member_directory.c \
	src/store/member_records.c \
	src/store/member_records.h \
	src/store/member_tokens.c \
	src/store/members.c \
	src/store/members.h \
	src/store/networks.c \
	src/store/networks.h \
	src/store/projects.c \
	src/store/projects.h \
	src/store/reader.c \
	src/store/schema.c \
	src/store/schema.h \
	src/store/server.c \
	src/store/server.h \
	src/store/sql.c \
	src/store/sql.h \
	src/store/store.c \
	src/store/store.h \
	src/store/uplink.c \
	src/store/uplink.h \
	src/store/worker.c
nodist_libstore_a_SOURCES = \
	src/store/schema_sql.c
EXTRA_DIST += src/store/README.md src/store/embed_schema.sh

$(libstore_a_OBJECTS): $(entity_mappers)

src/store/schema_sql.c: $(srcdir)/src/store/embed_schema.sh $(schema_files)
	$(AM_V_GEN)$(MKDIR_P) src/store && \
	$(SHELL) $(srcdir)/src/store/embed_schema.sh $(srcdir)/src/schema > $@.new && mv $@.new $@
CLEANFILES += src/store/schema_sql.c src/store/schema_sql.c.new
