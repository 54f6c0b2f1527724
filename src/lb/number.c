#include "lb/number.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many digits tell any two doubles apart. */
#define DIGITS_MAX 17

/* Below and from here on Go writes an exponent, for the shortest form at least. */
#define EXPONENT_MIN (-4)
#define EXPONENT_MAX 6

void number_format(double value, char out[NUMBER_TEXT_SIZE])
{
    int digits = 0;
    int exponent;

    if (value >= -9223372036854775808.0 && value < 9223372036854775808.0 &&
        value == (double)(int64_t)value) {
        snprintf(out, NUMBER_TEXT_SIZE, "%" PRId64, (int64_t)value);
        return;
    }
    do {
        digits++;
        snprintf(out, NUMBER_TEXT_SIZE, "%.*e", digits - 1, value);
    } while (digits < DIGITS_MAX && strtod(out, NULL) != value);
    exponent = atoi(strchr(out, 'e') + 1);
    if (exponent >= EXPONENT_MIN && exponent < EXPONENT_MAX) {
        int decimals = digits - 1 - exponent;
        snprintf(out, NUMBER_TEXT_SIZE, "%.*f", decimals < 0 ? 0 : decimals, value);
    }
}
