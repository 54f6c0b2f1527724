/* user.h - names of users. */
#ifndef LBSTATE_API_USER_H
#define LBSTATE_API_USER_H

#include <sys/types.h>

#define USER_NAME_SIZE 256

/* The login name, or "uid=N" if there is none, as Incus has it. */
void user_name(uid_t uid, char out[USER_NAME_SIZE]);

#endif
