#include "ctl/ctl.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

int main(int argc, char **argv)
{
    /* Only what tells how wide characters are: numbers and messages stay as
     * they are, in any locale. What is printed is UTF-8 anyway. */
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    }
    return (int)ctl_main(argc, argv, stdin, stdout, stderr);
}
