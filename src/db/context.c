#include "db/context.h"

bool db_context_canceled(const struct db_context *context)
{
    return context->canceled != NULL &&
           atomic_load_explicit(context->canceled, memory_order_acquire);
}

int db_context_check(const struct db_context *context, struct error *error)
{
    if (db_context_canceled(context)) {
        return error_set(error, ERROR_CANCELED, "The request was canceled");
    }
    if (context->deadline_us != CLOCK_NEVER_US && clock_monotonic_us() >= context->deadline_us) {
        return error_set(error, ERROR_TIMEOUT, "The deadline passed");
    }
    return ERROR_NONE;
}
