/*
 * What the commands of owners, handovers and the pool share: messages shown by the names of their
 * fields.
 */
#ifndef KEHU_COMMAND_OWNER_H
#define KEHU_COMMAND_OWNER_H

#include "ctl.h"

struct command_owner_column {
    const char *heading;
    const char *field; /* of the element */
};

/* A value as a person reads it: times in the stack's zone, enums by their short name. */
const char *command_owner_cell(struct ctl *ctl, const ProtobufCMessage *message, const char *field);
/* The elements of a repeated field as a table. */
void command_owner_table(struct ctl *ctl, const ProtobufCMessage *message, const char *field,
                         const struct command_owner_column *columns, size_t count);

/* "" where the option is not given. */
char *command_owner_text(const struct ctl *ctl, const char *option);
/* The arguments from the n-th on; NULL-terminated. */
char **command_owner_rest(struct ctl *ctl, int from, size_t *count);

/* Asks page by page, all with --all, and shows the elements of the repeated field of the answers.
 */
struct command_owner_list {
    ProtobufCMessage *question; /* with page_token */
    const ProtobufCMessageDescriptor *reply;
    const char *field;
    const struct command_owner_column *columns;
    size_t column_count;
};
int command_owner_list(struct ctl *ctl, const struct command_owner_list *list);

#endif
