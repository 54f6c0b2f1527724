/* The rest of llhttp; see llhttp_automaton.c. */
#include <api.c>

#include <http.c>
