/*
 * How things end. Names, numbers and meanings are gRPC's and those of kehu.bus.v1.Status.
 */
#ifndef KEHU_STATUS_H
#define KEHU_STATUS_H

#include "common/base.h"

enum status {
    OK = 0,
    CANCELLED = 1,
    UNKNOWN = 2,
    INVALID_ARGUMENT = 3,
    DEADLINE_EXCEEDED = 4,
    NOT_FOUND = 5,
    ALREADY_EXISTS = 6,
    PERMISSION_DENIED = 7,
    RESOURCE_EXHAUSTED = 8,
    FAILED_PRECONDITION = 9,
    ABORTED = 10,
    OUT_OF_RANGE = 11,
    UNIMPLEMENTED = 12,
    INTERNAL = 13,
    UNAVAILABLE = 14,
    DATA_LOSS = 15,
    UNAUTHENTICATED = 16,
};

/* The status's gRPC name, "INVALID_ARGUMENT"; "UNKNOWN" for a number that is none. */
const char *status_name(enum status status);

/* True when the same request, sent again later, may succeed. */
bool status_is_repeatable(enum status status);

#endif
