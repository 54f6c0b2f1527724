/* history.h - what the clients of a torture run asked for, and what they were told.
 *
 * Operations on records (keys), each with the time span in which it took place. A
 * list is one operation a record, all with the times and the revision of the list.
 * Values are numbers, each written once at most, so that a value that is read names
 * the write it came from. Kept in memory and as JSON lines, one an operation.
 *
 * Running out of memory ends the program: it is a test. Other failures return -1 and
 * are told on standard error. */
#ifndef LBSTATE_TEST_TORTURE_HISTORY_H
#define LBSTATE_TEST_TORTURE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HISTORY_ABSENT  0          /* The value of a record that isn't there. */
#define HISTORY_FOREIGN UINT64_MAX /* The record has a value that is none of ours. */

enum history_kind {
    HISTORY_CREATE, /* Writes value where there was none. Refused: there is one. */
    HISTORY_UPDATE, /* Replaces any value. Refused: there is none. */
    HISTORY_SWAP,   /* Replaces the expected value. Refused: it is another, or there is none. */
    HISTORY_DELETE, /* Refused: there is none. */
    HISTORY_GET,
    HISTORY_LIST,  /* Like get. */
    HISTORY_LOCAL, /* Reads some earlier state, as one node has it. */
    HISTORY_FINAL, /* The state as one node has it at the very end: the latest. */
    HISTORY_KINDS
};

enum history_outcome {
    HISTORY_OK,
    HISTORY_REFUSED, /* By the state of the record: not applied. */
    HISTORY_FAILED,  /* Surely not applied, for another reason. */
    HISTORY_UNKNOWN, /* Applied after it was invoked (CHECK_UNKNOWN_US), or never. */
    HISTORY_OUTCOMES
};

#define HISTORY_ERROR_SIZE 160

struct operation {
    enum history_kind kind;
    enum history_outcome outcome;
    unsigned client;
    unsigned node; /* The last one that was asked, from 1. */
    unsigned key;
    unsigned tries;    /* How often it was sent. */
    int status;        /* HTTP status of the answer; 0: there was none. */
    uint64_t value;    /* Written or read. */
    uint64_t expected; /* Of a swap. */
    int64_t revision;  /* Of the change, or of the state that was read; 0: not told. */
    int64_t invoked_us;
    int64_t returned_us;            /* When the client had the answer, or gave up. */
    char error[HISTORY_ERROR_SIZE]; /* What no client should be told; "": nothing. */
};

struct history {
    struct operation *operations;
    size_t n_operations;
    size_t capacity;
};

void history_init(struct history *history);
void history_close(struct history *history);

/* Copies OPERATION. */
void history_add(struct history *history, const struct operation *operation);

const char *history_kind_name(enum history_kind kind);
const char *history_outcome_name(enum history_outcome outcome);

/* Create, update, swap, delete. */
bool history_is_write(enum history_kind kind);

/* Create, update, swap: writes that have a value. */
bool history_has_value(enum history_kind kind);

/* One line for people, without a newline, cut at SIZE. */
void history_describe(const struct operation *operation, char *text, size_t size);

int history_write_line(FILE *file, const struct operation *operation);

/* Appends the operations of a file of such lines. */
int history_read(struct history *history, const char *path);

#endif
