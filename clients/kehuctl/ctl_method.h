/*
 * Names as people write them: `customers.GetCustomer`, `OrderRecorded`. What is not in the contract
 * is refused with what was probably meant (exit CTL_USAGE).
 */
#ifndef KEHU_CTL_METHOD_H
#define KEHU_CTL_METHOD_H

#include "ctl.h"

enum ctl_service ctl_method_service(const struct ctl *ctl, const char *name);
/* Speaks to the service that the first argument or --service names; without one to customers. */
void ctl_method_speak(struct ctl *ctl);
/* Those that a command is for which can be for all: the one that is named so, or every one of this
 * installation; with --endpoint alone customers. At least one. */
size_t ctl_method_services(struct ctl *ctl, enum ctl_service out[CTL_SERVICES]);
#define CTL_SERVICE_OPTION                                                                         \
    {                                                                                              \
        "--service", "NAME", "customers or complaints", false                                      \
    }
/* SERVICE.Method is kehu.<service>.v1.<Method>, or else kehu.bus.v1.<Method>; the floor's messages
 * then go to that service. */
const ProtobufCMessageDescriptor *ctl_method_find(struct ctl *ctl, const char *method);
/* A message of the service by short or full name; returns the full one. */
const char *ctl_method_event_type(struct ctl *ctl, const char *service, const char *name);
/* The i-th callable name ("customers.GetCustomer") and its message; false past the last. */
bool ctl_method_at(size_t i, char name[160], const ProtobufCMessageDescriptor **descriptor);

#endif
