# Included by the Makefile.am at the top.
noinst_LTLIBRARIES += libdb.la
libdb_la_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
libdb_la_LIBADD = libbase.la $(JANSSON_LIBS)
libdb_la_SOURCES = \
	src/db/conn.h \
	src/db/context.h \
	src/db/entity.h \
	src/db/field.h \
	src/db/json_type.h \
	src/db/json_type_read.c \
	src/db/json_type_write.c \
	src/db/mapper.c \
	src/db/mapper.h \
	src/db/mapper_select.c \
	src/db/mapper_select.h \
	src/db/observer.h \
	src/db/row.c \
	src/db/row.h \
	src/db/tx.h \
	src/db/value.h
EXTRA_DIST += src/db/README.md
