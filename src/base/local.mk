# Included by the Makefile.am at the top.
noinst_LIBRARIES += libbase.a
base_libraries = libbase.a $(SYSTEMD_LIBS) -lm
libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(SYSTEMD_CFLAGS)
libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/buffer.c src/base/buffer.h \
	src/base/clock.c src/base/clock.h \
	src/base/error.c src/base/error.h \
	src/base/json_writer.c src/base/json_writer.h \
	src/base/log.c src/base/log.h \
	src/base/queue.h \
	src/base/string_map.c src/base/string_map.h \
	src/base/utf8.c src/base/utf8.h
EXTRA_DIST += src/base/README.md

# For those who speak HTTP, besides libbase: $(llhttp_libraries). Where llhttp comes as C
# sources instead of a library, they are compiled here. They aren't ours, hence without warnings.
llhttp_libraries = $(LLHTTP_LIBS)
if LLHTTP_FROM_SOURCES
noinst_LIBRARIES += libllhttp.a
libllhttp_a_CPPFLAGS = -I$(LLHTTP_SOURCES) $(LLHTTP_CFLAGS) -DLLHTTP_STRICT_MODE=1
libllhttp_a_CFLAGS = $(LBSTATE_CFLAGS) -w
libllhttp_a_SOURCES = src/base/llhttp_api.c src/base/llhttp_automaton.c
llhttp_libraries += libllhttp.a
endif
