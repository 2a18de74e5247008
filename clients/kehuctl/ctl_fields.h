/*
 * Messages filled from options and shown as tables by the names of their fields, so that a command
 * is a table of options and columns.
 */
#ifndef KEHU_CTL_FIELDS_H
#define KEHU_CTL_FIELDS_H

#include "ctl.h"

/*
 * Every given option whose name is a field's ("--given-on": given_on) fills it: texts, numbers,
 * flags, enums by their short name ("yes"), texts in lists one per option. Wrong numbers and enums
 * end the command with a sentence. Fields of messages inside are left alone.
 */
void ctl_fields_fill(struct ctl *ctl, ProtobufCMessage *message);

/* A field as people read it: "" for false and absent, local times, decimals for `_micros`. */
const char *ctl_fields_text(struct ctl *ctl, const ProtobufCMessage *message, const char *field);

struct ctl_column {
    const char *heading, *field;
    bool is_right;
};
/* The messages of a list as a table; nothing without rows. */
void ctl_fields_print_table(struct ctl *ctl, ProtobufCMessage *const *rows, size_t count,
                            const struct ctl_column *columns, size_t column_count);
/* One line per column whose field says something. */
void ctl_fields_print_card(struct ctl *ctl, const ProtobufCMessage *message,
                           const struct ctl_column *lines, size_t count);

/* Asks; with --json prints the answer as it is and returns NULL with *code CTL_DONE. */
ProtobufCMessage *ctl_fields_ask(struct ctl *ctl, const ProtobufCMessage *question,
                                 const ProtobufCMessageDescriptor *reply, int *code);

/*
 * Who is meant by CONTACT: an id, or CUSTOMER/NAME, the one contact of that customer whose name it
 * is or begins so ("KH000123/李娜"). NULL: there is none or more than one, which was said; *code.
 */
char *ctl_fields_contact(struct ctl *ctl, const char *contact, int *code);
/* What people call a thing without a name of its own: the last six letters of its id. */
const char *ctl_fields_handle(const char *id);
/* The id of the one of `rows` whose `field` ends so; NULL: none or several, which was said. */
char *ctl_fields_whole_id(ProtobufCMessage *const *rows, size_t count, const char *field,
                          const char *handle, int *code);
#define CTL_CONTACT_FORMS                                                                          \
    "CONTACT is CUSTOMER/NAME, such as KH000123/李娜, or the contact's id as --json shows it."

#endif
