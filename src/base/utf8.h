/* utf8.h - UTF-8 as RFC 3629 has it: no overlong forms, no surrogates. */
#ifndef LBSTATE_BASE_UTF8_H
#define LBSTATE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes the character at the start of DATA. Returns how many bytes it takes,
 * or 0 if no valid one starts there (SIZE 0 included). */
size_t utf8_decode(const char *data, size_t size, uint32_t *ret_character);

/* Writes 1 to 4 bytes and returns how many; CHARACTER must be a scalar value. */
size_t utf8_encode(uint32_t character, char out[4]);

bool utf8_valid(const char *data, size_t size);

#endif
