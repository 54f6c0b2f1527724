# Included by the Makefile.am at the top.
#
# All but main() is in a library, for the tests.
noinst_PROGRAMS += src/generate/generate-database
src_generate_generate_database_LDADD = $(generate_libraries)
src_generate_generate_database_SOURCES = src/generate/main.c
noinst_LIBRARIES += libgenerate.a
generate_libraries = libgenerate.a libbase.a $(SQLITE_LIBS)
libgenerate_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
libgenerate_a_SOURCES = \
	src/generate/diagnostic.c src/generate/diagnostic.h \
	src/generate/directive.c src/generate/directive.h \
	src/generate/emit.h \
	src/generate/emit_header.c \
	src/generate/emit_source.c \
	src/generate/emit_table.c src/generate/emit_table.h \
	src/generate/emit_text.c src/generate/emit_text.h \
	src/generate/entity.c src/generate/entity.h \
	src/generate/entity_json.c src/generate/entity_json.h \
	src/generate/join.c src/generate/join.h \
	src/generate/judge.c src/generate/judge.h \
	src/generate/judge_cost.c \
	src/generate/judge_join.c \
	src/generate/judge_query.c \
	src/generate/judge_schema.c src/generate/judge_schema.h \
	src/generate/judge_table.c \
	src/generate/lexer.c src/generate/lexer.h \
	src/generate/member.c src/generate/member.h \
	src/generate/memory.c src/generate/memory.h \
	src/generate/method.c src/generate/method.h \
	src/generate/model.c src/generate/model.h \
	src/generate/naming.c src/generate/naming.h \
	src/generate/output.c src/generate/output.h \
	src/generate/reader.c src/generate/reader.h \
	src/generate/report.c src/generate/report.h \
	src/generate/spelling.c src/generate/spelling.h \
	src/generate/sql.c src/generate/sql.h \
	src/generate/sql_clause.c src/generate/sql_clause.h \
	src/generate/sql_reference.c src/generate/sql_reference.h \
	src/generate/statement.c src/generate/statement.h \
	src/generate/tag.c src/generate/tag.h
EXTRA_DIST += src/generate/README.md
