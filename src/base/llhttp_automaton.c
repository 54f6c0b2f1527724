/* The sources of llhttp as Debian 12 ships them lie outside the tree, where
 * Automake can't follow objects, so they are included; see LBSTATE_LLHTTP in
 * m4/lbstate.m4. The automaton declares the functions of llhttp_api.c in its own
 * way and can't share a file with them. */
#include <llhttp.c>
