# Included by the Makefile.am at the top.
noinst_LIBRARIES += liblb.a
lb_libraries = liblb.a $(JANSSON_LIBS) $(CRYPTO_LIBS) $(base_libraries)
liblb_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CRYPTO_CFLAGS)
liblb_a_SOURCES = \
	src/lb/body.c src/lb/body.h \
	src/lb/cluster_body.c src/lb/cluster_body.h \
	src/lb/cluster_member.c src/lb/cluster_member.h \
	src/lb/config_address.c src/lb/config_address.h \
	src/lb/config_key.c src/lb/config_key.h \
	src/lb/etag.c src/lb/etag.h \
	src/lb/external_subnet.c src/lb/external_subnet.h \
	src/lb/forward.c src/lb/forward.h \
	src/lb/forward_validate.c \
	src/lb/filter.c src/lb/filter.h \
	src/lb/filter_pattern.c src/lb/filter_pattern.h \
	src/lb/health.c src/lb/health.h \
	src/lb/ip.c src/lb/ip.h \
	src/lb/json_decoder.c src/lb/json_decoder.h \
	src/lb/json_text.c src/lb/json_text.h \
	src/lb/listen_ports.c src/lb/listen_ports.h \
	src/lb/listener.c src/lb/listener.h \
	src/lb/load_balancer.c src/lb/load_balancer.h \
	src/lb/load_balancer_rules.h \
	src/lb/load_balancer_validate.c \
	src/lb/name.c src/lb/name.h \
	src/lb/network.c src/lb/network.h \
	src/lb/network_address.c \
	src/lb/network_range.c src/lb/network_range.h \
	src/lb/network_rules.c src/lb/network_rules.h \
	src/lb/normalise.c src/lb/normalise.h \
	src/lb/network_state.c src/lb/network_state.h \
	src/lb/number.c src/lb/number.h \
	src/lb/port.c src/lb/port.h \
	src/lb/project.c src/lb/project.h \
	src/lb/project_state.c src/lb/project_state.h \
	src/lb/restricted_subnet.c src/lb/restricted_subnet.h \
	src/lb/server_config.c src/lb/server_config.h \
	src/lb/sql_guard.c src/lb/sql_guard.h \
	src/lb/sql_lexer.c src/lb/sql_lexer.h \
	src/lb/text.c src/lb/text.h
EXTRA_DIST += src/lb/README.md
