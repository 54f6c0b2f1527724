#include "lb/name.h"

#include "lb/text.h"

#include <ctype.h>
#include <string.h>

static bool is_alphanumeric(char c)
{
    return (unsigned char)c < 0x80 && isalnum((unsigned char)c);
}

int name_validate(const char *name, struct error *error)
{
    static const char reserved[] = "$?&+\"'`*/";
    size_t size = strlen(name);

    if (size > NAME_SIZE_MAX) {
        return error_set(error, ERROR_INVALID, "Maximum name length is %d characters",
                         NAME_SIZE_MAX);
    }
    if (text_has_space(name)) {
        return error_set(error, ERROR_INVALID, "Name cannot contain white space");
    }
    for (const char *c = reserved; *c != '\0'; c++) {
        if (strchr(name, *c) != NULL) {
            return error_set(error, ERROR_INVALID, "Name contains invalid character %s",
                             TEXT_QUOTED(((const char[]){*c, '\0'})));
        }
    }
    if (size == 0 || !is_alphanumeric(name[0]) || !is_alphanumeric(name[size - 1])) {
        return error_set(error, ERROR_INVALID,
                         "Names must start and end with an alphanumeric character");
    }
    return ERROR_NONE;
}
