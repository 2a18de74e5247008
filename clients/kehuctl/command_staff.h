/*
 * What the commands about staff share.
 */
#ifndef KEHU_CTL_COMMAND_STAFF_H
#define KEHU_CTL_COMMAND_STAFF_H

#include "ctl.h"
#include "kehu/customers/v1/staff.pb-c.h"

/* "a, b", in the arena. */
const char *command_staff_joined(struct ctl *ctl, char *const *words, size_t count);
/* One entry, as a card or JSON. */
void command_staff_print(struct ctl *ctl, const Kehu__Customers__V1__Staff *one);
/* Asks what is answered with an entry, and prints that. Returns the exit code. */
int command_staff_ask(struct ctl *ctl, const ProtobufCMessage *ask);

#endif
