# Checks that are particular to lbstate.

# AX_LBSTATE_APPEND_FLAGS(FLAGS): adds each warning flag that the compiler takes. It is
# asked for each only if it doesn't take them all.
AC_DEFUN([AX_LBSTATE_APPEND_FLAGS], [
  lbstate_saved_cflags="$CFLAGS"
  CFLAGS="-Werror m4_normalize([$1])"
  AC_MSG_CHECKING([whether $CC takes all warning flags])
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes])
     LBSTATE_CFLAGS="$LBSTATE_CFLAGS m4_normalize([$1])"],
    [AC_MSG_RESULT([no])
     for lbstate_flag in m4_normalize([$1]); do
       CFLAGS="-Werror $lbstate_flag"
       AC_MSG_CHECKING([whether $CC takes $lbstate_flag])
       AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
         [AC_MSG_RESULT([yes]); LBSTATE_CFLAGS="$LBSTATE_CFLAGS $lbstate_flag"],
         [AC_MSG_RESULT([no])])
     done])
  CFLAGS="$lbstate_saved_cflags"
])

# LBSTATE_PACKAGE(NAME, PKG-CONFIG SPEC, DEBIAN PACKAGE)
AC_DEFUN([LBSTATE_PACKAGE], [
  PKG_CHECK_MODULES([$1], [$2], [],
    [AC_MSG_ERROR([$2 was not found: install the Debian package $3])])
])

# LBSTATE_WSLAY: libwslay, for which Debian has no file of pkg-config; sets
# WSLAY_LIBS.
AC_DEFUN([LBSTATE_WSLAY], [
  lbstate_saved_libs="$LIBS"
  LIBS=""
  AC_CHECK_HEADER([wslay/wslay.h],
    [AC_SEARCH_LIBS([wslay_event_context_server_init], [wslay], [WSLAY_LIBS="$LIBS"])])
  LIBS="$lbstate_saved_libs"
  AS_IF([test -z "$WSLAY_LIBS"],
    [AC_MSG_ERROR([libwslay was not found: install the Debian package libwslay-dev])])
  AC_SUBST([WSLAY_LIBS])
])

# LBSTATE_ENGINE: chooses dqlite or cowsql, sets ENGINE_CFLAGS and ENGINE_LIBS.
#
# dqlite before 1.18 comes with a Raft that commits entries of old terms by
# counting replicas (forbidden by section 5.4.2 of the Raft paper), so that an
# acknowledged write can be lost: it is taken only when it is asked for by name.
AC_DEFUN([LBSTATE_ENGINE], [
  AC_ARG_WITH([engine],
    [AS_HELP_STRING([--with-engine=auto|dqlite|cowsql],
      [the replication engine; auto takes dqlite >= 1.18, else cowsql >= 1.15.8])],
    [], [with_engine=auto])
  lbstate_engine=""
  lbstate_raft="built in"
  AS_CASE([$with_engine],
    [auto],
      [PKG_CHECK_EXISTS([dqlite >= 1.18], [lbstate_engine=dqlite],
        [PKG_CHECK_EXISTS([cowsql >= 1.15.8 raft >= 0.22.1], [lbstate_engine=cowsql],
          [AC_MSG_ERROR([no engine with a sound Raft was found: install the Debian packages libcowsql-dev and libraft-dev (Debian 12: from its backports suite) or libdqlite-dev >= 1.18 (Debian 13)])])])],
    [dqlite],
      [PKG_CHECK_EXISTS([dqlite], [lbstate_engine=dqlite],
        [AC_MSG_ERROR([dqlite was not found: install the Debian package libdqlite-dev])])],
    [cowsql],
      [PKG_CHECK_EXISTS([cowsql], [lbstate_engine=cowsql],
        [AC_MSG_ERROR([cowsql was not found: install the Debian packages libcowsql-dev and libraft-dev])])],
    [AC_MSG_ERROR([--with-engine=$with_engine is unknown: use auto, dqlite or cowsql])])
  PKG_CHECK_MODULES([ENGINE], [$lbstate_engine], [],
    [AC_MSG_ERROR([$lbstate_engine was found but can't be used: $ENGINE_PKG_ERRORS])])
  lbstate_engine_version=`$PKG_CONFIG --modversion $lbstate_engine`
  AS_IF([test "$lbstate_engine" = cowsql],
    [AC_DEFINE([LBSTATE_ENGINE_COWSQL], [1], [Define to 1 if the engine is cowsql.])
     PKG_CHECK_EXISTS([raft], [lbstate_raft=`$PKG_CONFIG --modversion raft`])],
    [AC_DEFINE([LBSTATE_ENGINE_DQLITE], [1], [Define to 1 if the engine is dqlite.])
     PKG_CHECK_EXISTS([dqlite >= 1.18], [],
       [AC_DEFINE([LBSTATE_ENGINE_UNSOUND_RAFT], [1],
          [Define to 1 if the engine's Raft commits entries of old terms by counting replicas.])
        AC_MSG_WARN([this dqlite ($lbstate_engine_version) commits Raft entries of old terms by counting replicas: an acknowledged write can be lost when leaders change. Use it for tests only.])
        PKG_CHECK_EXISTS([raft], [lbstate_raft=`$PKG_CONFIG --modversion raft`])])])
  AC_DEFINE_UNQUOTED([LBSTATE_ENGINE_NAME], ["$lbstate_engine $lbstate_engine_version"], [The engine and its version.])

  lbstate_saved_libs="$LIBS"
  LIBS="$ENGINE_LIBS $LIBS"
  AS_IF([test "$lbstate_engine" = cowsql],
    [AC_CHECK_FUNCS([cowsql_node_handover cowsql_node_set_auto_recovery])],
    [AC_CHECK_FUNCS([dqlite_node_handover dqlite_node_set_auto_recovery])])
  LIBS="$lbstate_saved_libs"
])

# LBSTATE_LLHTTP: Debian 13 ships libllhttp; Debian 12 ships the same parser as
# C sources in node-llhttp, which are compiled here in strict mode.
AC_DEFUN([LBSTATE_LLHTTP], [
  AC_ARG_WITH([llhttp-sources],
    [AS_HELP_STRING([--with-llhttp-sources=DIR],
      [where the sources of llhttp lie when there is no libllhttp (default: /usr/share/llhttp)])],
    [], [with_llhttp_sources=/usr/share/llhttp])
  lbstate_llhttp=no
  PKG_CHECK_MODULES([LLHTTP], [libllhttp >= 8.1], [lbstate_llhttp=library],
    [AS_IF([test -f "$with_llhttp_sources/llhttp.c" && test -f "$with_llhttp_sources/api.c" && test -f "$with_llhttp_sources/http.c"],
      [lbstate_llhttp=sources
       LLHTTP_SOURCES="$with_llhttp_sources"
       LLHTTP_CFLAGS="-I$with_llhttp_sources/../include/llhttp"
       LLHTTP_LIBS=""
       AC_SUBST([LLHTTP_SOURCES])],
      [AC_MSG_ERROR([llhttp was not found: install the Debian package libllhttp-dev (Debian 13) or node-llhttp (Debian 12)])])])
  AM_CONDITIONAL([LLHTTP_FROM_SOURCES], [test "$lbstate_llhttp" = sources])
])
