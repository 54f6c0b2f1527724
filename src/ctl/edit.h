/* edit.h - the verbs `edit`: a record as YAML in an editor, or from standard
 * input. */
#ifndef LBSTATE_CTL_EDIT_H
#define LBSTATE_CTL_EDIT_H

#include "ctl/fields.h"
#include "ctl/record.h"

/* On a terminal: gets the record, shows it behind NOTES (comment lines) in the
 * user's editor, and puts it back unless somebody else changed it meanwhile; what
 * is wrong can be corrected in the editor. Otherwise: replaces the record by the
 * YAML of standard input, whatever it was before. */
int edit_record(struct ctl *ctl, record_path make_path, const struct field *fields,
                const char *notes, struct lbstate_error *error);

#endif
