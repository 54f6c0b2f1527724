#include "api/user.h"

#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

void user_name(uid_t uid, char out[USER_NAME_SIZE])
{
    struct passwd entry;
    struct passwd *found = NULL;
    char memory[4096];

    if (getpwuid_r(uid, &entry, memory, sizeof memory, &found) == 0 && found != NULL &&
        strlen(found->pw_name) < USER_NAME_SIZE) {
        snprintf(out, USER_NAME_SIZE, "%s", found->pw_name);
    } else {
        snprintf(out, USER_NAME_SIZE, "uid=%u", (unsigned)uid);
    }
}
