/*
 * One line of logfmt on stderr: logfmt_line("request", "id", id, "status", "OK", NULL).
 * Values are quoted where needed, control characters escaped, each value cut at 512 bytes. Never
 * pass personal data. Time, service and level stand first on every line.
 */
#ifndef KEHU_LOGFMT_H
#define KEHU_LOGFMT_H

#include "common/base.h"

void logfmt_set_service(const char *service);
/* Off (tests), or on (default). */
void logfmt_set_enabled(bool enabled);

/* Pairs of key and value (const char *), ended by NULL. Pairs whose value is NULL or empty are left
 * out. */
void logfmt_info(const char *event, ...) __attribute__((sentinel));
void logfmt_warning(const char *event, ...) __attribute__((sentinel));
void logfmt_error(const char *event, ...) __attribute__((sentinel));

#endif
