/*
 * What the commands of handovers share.
 */
#ifndef KEHU_COMMAND_HANDOVER_H
#define KEHU_COMMAND_HANDOVER_H

#include "ctl.h"
#include "kehu/customers/v1/handover.pb-c.h"

int command_handover_show(struct ctl *ctl, const ProtobufCMessage *handover);
/* Asks what is answered by a Handover, and shows it. */
int command_handover_ask(struct ctl *ctl, const ProtobufCMessage *ask);

#endif
