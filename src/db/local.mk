# Included by the Makefile.am at the top.
noinst_LIBRARIES += libdb.a
db_libraries = libdb.a $(JANSSON_LIBS) $(SQLITE_LIBS) $(base_libraries)
libdb_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
libdb_a_SOURCES = \
	src/db/channel.c \
	src/db/channel.h \
	src/db/conn.c \
	src/db/conn.h \
	src/db/conn_internal.h \
	src/db/conn_io.c \
	src/db/conn_pipeline.c \
	src/db/conn_query.c \
	src/db/context.c \
	src/db/context.h \
	src/db/copy.c \
	src/db/copy.h \
	src/db/copy_internal.h \
	src/db/dump.c \
	src/db/dump.h \
	src/db/entity.h \
	src/db/field.h \
	src/db/json_type.h \
	src/db/json_type_read.c \
	src/db/json_type_write.c \
	src/db/mapper.c \
	src/db/mapper.h \
	src/db/mapper_select.c \
	src/db/mapper_select.h \
	src/db/mapper_write.c \
	src/db/mapper_write.h \
	src/db/observer.c \
	src/db/observer.h \
	src/db/row.c \
	src/db/row.h \
	src/db/row_set.c \
	src/db/row_set.h \
	src/db/servers.c \
	src/db/servers.h \
	src/db/socket.c \
	src/db/socket.h \
	src/db/sql_error.c \
	src/db/sql_error.h \
	src/db/stmt_cache.c \
	src/db/stmt_cache.h \
	src/db/tx.c \
	src/db/tx.h \
	src/db/value.h \
	src/db/wal.c \
	src/db/wal.h \
	src/db/wire.h \
	src/db/wire_internal.h \
	src/db/wire_raft.c \
	src/db/wire_raft.h \
	src/db/wire_request.c \
	src/db/wire_response.c
EXTRA_DIST += src/db/README.md
