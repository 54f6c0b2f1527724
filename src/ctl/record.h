/* record.h - what verbs do with records of the daemon, of any kind. */
#ifndef LBSTATE_CTL_RECORD_H
#define LBSTATE_CTL_RECORD_H

#include "ctl/args.h"
#include "ctl/fields.h"
#include "ctl/format.h"

#include <jansson.h>

/* RET_RECORDS is an array of objects, for json_decref(). */
int record_list(struct ctl *ctl, const char *path, json_t **ret_records,
                struct lbstate_error *error);

/* RET_RECORD is an object, for json_decref(); RET_ETAG is for free(), NULL if
 * the daemon gave none. */
int record_get(struct ctl *ctl, const char *path, json_t **ret_record, char **ret_etag,
               struct lbstate_error *error);

/* Sends RECORD (NULL: no body), if IF_MATCH isn't NULL only if the record is as it
 * was then. */
int record_send(struct ctl *ctl, const char *method, const char *path, const json_t *record,
                const char *if_match, struct lbstate_error *error);

/* Makes the path of the record that the words in CTL name; RET_PATH is for free(). */
typedef int (*record_path)(struct ctl *ctl, char **ret_path, struct lbstate_error *error);

/* Gets the record and prints it. */
int record_show(struct ctl *ctl, record_path make_path, struct lbstate_error *error);

/* Prints what the daemon told, an object, for people. */
typedef int (*record_print)(struct ctl *ctl, const json_t *record, struct lbstate_error *error);

/* Gets the record and prints it: with PRINT unless JSON or YAML is wanted. */
int record_info(struct ctl *ctl, record_path make_path, record_print print,
                struct lbstate_error *error);

/* POSTs RECORD, which it takes (NULL: memory was lacking). */
int record_create(struct ctl *ctl, const char *path, json_t *record, struct lbstate_error *error);

/* Makes the path of the record NAME of the collection that the words in CTL name;
 * RET_PATH is for free(). */
typedef int (*record_path_of)(struct ctl *ctl, const char *name, char **ret_path,
                              struct lbstate_error *error);

/* Deletes the records that the words from FIRST on name, one after the other, and
 * says so of each. Of several all are tried: the failures are told as they come,
 * and the one with the highest exit code is returned. */
int record_delete_each(struct ctl *ctl, size_t first, record_path_of make_path, const char *kind,
                       struct lbstate_error *error);

/* Gives the record the name that is the second word, and says so. */
int record_rename(struct ctl *ctl, record_path make_path, const char *kind,
                  struct lbstate_error *error);

/* Changes RECORD in place, as the arguments in CTL say. May be called twice,
 * with different records. */
typedef int (*record_change)(struct ctl *ctl, json_t *record, struct lbstate_error *error);

/* Gets the record, changes it and puts it back, unless somebody else changed it
 * in between: then once more from the start. */
int record_modify(struct ctl *ctl, record_path make_path, record_change change,
                  struct lbstate_error *error);

/* A record_change: key=value pairs from the word FIRST on, of the config or,
 * with --property, of the record itself. */
int record_set(struct ctl *ctl, json_t *record, size_t first, struct lbstate_error *error);

/* A record_change: empties the keys from the word FIRST on, of the config or, with
 * --property, of the record itself. */
int record_unset(struct ctl *ctl, json_t *record, size_t first, struct lbstate_error *error);

/* Gets the record and prints the value of the key that is the word at KEY_WORD, of
 * the config or, with --property, of the record itself. A config key that isn't
 * set prints nothing. */
int record_show_key(struct ctl *ctl, record_path make_path, size_t key_word,
                    struct lbstate_error *error);

/* A record of FIELDS: from YAML on standard input, unless that is a terminal, then
 * from --description, --config and the key=value pairs from the word FIRST on. For
 * json_decref(). */
int record_new(struct ctl *ctl, const struct field *fields, size_t first, json_t **ret_record,
               struct lbstate_error *error);

/* The members of RECORD that a PUT carries; NULL if memory is lacking. */
json_t *record_writable(const json_t *record);

/* JSON text for a body, for free(); NULL if memory is lacking. */
char *record_text(const json_t *record);

/* Decodes the metadata of an answer; LBSTATE_PROTOCOL if it isn't of TYPE. A
 * list that is null is an empty one. */
int record_decode(const struct lbstate_response *response, json_type type, json_t **ret_value,
                  struct lbstate_error *error);

#endif
