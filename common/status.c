#include "common/status.h"

static const char *const names[] = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

const char *status_name(enum status status)
{
    if ((size_t)status >= COUNT_OF(names))
        return "UNKNOWN";
    return names[status];
}

bool status_is_repeatable(enum status status)
{
    return status == UNAVAILABLE || status == RESOURCE_EXHAUSTED || status == ABORTED ||
           status == DEADLINE_EXCEEDED;
}
