# Included by the Makefile.am at the top.
#
# All but main() is in a library, so that tests can run lbctl in their process.
noinst_LIBRARIES += libctl.a
ctl_libraries = libctl.a $(SQLITE_LIBS) $(YAML_LIBS) $(client_libraries)
libctl_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS) $(YAML_CFLAGS)
libctl_a_SOURCES = \
	src/ctl/args.c src/ctl/args.h \
	src/ctl/cluster.c \
	src/ctl/cluster_group.c \
	src/ctl/cluster_list.c \
	src/ctl/cluster_token.c \
	src/ctl/ctl.c src/ctl/ctl.h \
	src/ctl/edit.c src/ctl/edit.h \
	src/ctl/editor.c src/ctl/editor.h \
	src/ctl/fields.c src/ctl/fields.h \
	src/ctl/format.c src/ctl/format.h \
	src/ctl/forward.c \
	src/ctl/help.c \
	src/ctl/hint.c src/ctl/hint.h \
	src/ctl/import.c src/ctl/import.h \
	src/ctl/import_compare.c \
	src/ctl/import_dump.c src/ctl/import_dump.h \
	src/ctl/import_dump_load.c \
	src/ctl/import_read.c \
	src/ctl/import_report.c \
	src/ctl/input_value.c src/ctl/input_value.h \
	src/ctl/load_balancer.c src/ctl/load_balancer.h \
	src/ctl/json_text.c src/ctl/json_text.h \
	src/ctl/list.c src/ctl/list.h \
	src/ctl/list_filter.c \
	src/ctl/load_balancer_info.c \
	src/ctl/load_balancer_parts.c \
	src/ctl/network.c \
	src/ctl/network_info.c \
	src/ctl/project.c \
	src/ctl/project_current.c src/ctl/project_current.h \
	src/ctl/project_info.c \
	src/ctl/query.c \
	src/ctl/record.c src/ctl/record.h \
	src/ctl/record_parts.c src/ctl/record_parts.h \
	src/ctl/sql.c \
	src/ctl/table.c src/ctl/table.h \
	src/ctl/text.c src/ctl/text.h \
	src/ctl/verb_notes.h \
	src/ctl/verbs.c src/ctl/verbs.h \
	src/ctl/verbs_cluster.c \
	src/ctl/verbs_load_balancer.c \
	src/ctl/verbs_network.c \
	src/ctl/verbs_project.c \
	src/ctl/version.c \
	src/ctl/yaml.c src/ctl/yaml.h \
	src/ctl/yaml_read.c src/ctl/yaml_read.h

bin_PROGRAMS += lbctl
lbctl_SOURCES = src/ctl/main.c
lbctl_LDADD = $(ctl_libraries)
EXTRA_DIST += src/ctl/README.md
