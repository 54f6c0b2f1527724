/* history_text.h - histories in short words, for the tests of the checker.
 *
 * Operations stand between bars, each a kind, a value if it has one, the span of time, and
 * what else there is to say, in any order:
 *
 *     create 1 0-10 r1 | update 2 5-8 ? | swap 2>3 11-12 r3 k1 | get absent 13-14 n2
 *
 *     ?    unknown outcome         !    refused      x   failed
 *     rN   revision                kN   key (0)      nN  node (1)
 *     e    the client was told of an error */
#ifndef LBSTATE_TEST_TORTURE_HISTORY_TEXT_H
#define LBSTATE_TEST_TORTURE_HISTORY_TEXT_H

#include "test/torture/history.h"

/* Appends what TEXT says. A mistake in it ends the program. */
void history_from_text(struct history *history, const char *text);

#endif
