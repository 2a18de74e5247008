/*
 * The event log: what a service tells the others, written in the transaction of the change itself.
 * The version of each subject is counted in the statement that holds the subject's row lock.
 */
#ifndef KEHU_LOG_H
#define KEHU_LOG_H

#include "common/flow.h"

extern const struct pg_statement log_statements[];
extern const size_t log_statement_count;

/* Adds an event about `subject` to this request's unit; `data` is the packed message of that type.
 */
void log_add(struct request *req, const char *type, const struct id *subject, const void *data,
             size_t data_bytes);

/* A reader's place (docs/architecture.md, "The log"): everything of earlier epochs and below
 * from_xid was read, and of the window [from_xid, to_xid) everything up to `position`. */
struct log_cursor {
    int32_t epoch;
    int64_t from_xid, to_xid, position;
};

/* "1.745.812.1042"; false when it is none. */
bool log_cursor_parse(const char *text, struct log_cursor *out);
void log_cursor_print(const struct log_cursor *cursor, char out[80]);

/* How far a reader may look now. */
struct log_horizon {
    int32_t epoch;     /* the present one */
    int64_t below_xid; /* transactions below are final */
    int64_t
        first; /* smallest position of the window that begins at cursor.to_xid; 0: it is empty */
};
void log_find_horizon(struct request *req, const struct log_cursor *cursor,
                      struct log_horizon *out);

struct log_entry {
    struct id id;
    const char *type;
    struct id subject;
    int64_t version, at_us, position;
    const char *correlation_id, *causation_id, *traceparent;
    struct text data; /* empty when the reader does not want the type */
    bool is_wanted;
};

struct log_entries {
    struct log_entry *list;
    size_t count;
};
/* At most `max` entries of the cursor's window, in the order of position. */
void log_list_entries(struct request *req, const struct log_cursor *cursor, uint32_t max,
                      char *const *types, size_t type_count, struct log_entries *out);

#endif
