/*
 * Names as people write them: `customers.GetCustomer`, `OrderRecorded`. What is not in the contract
 * is refused with what was probably meant (exit CTL_USAGE).
 */
#ifndef KEHU_CTL_METHOD_H
#define KEHU_CTL_METHOD_H

#include "ctl.h"

/* The service's name; NULL: the only standard, "customers". */
const char *ctl_method_service(const struct ctl *ctl, const char *name);
/* SERVICE.Method is kehu.<service>.v1.<Method>, or else kehu.bus.v1.<Method>. */
const ProtobufCMessageDescriptor *ctl_method_find(const struct ctl *ctl, const char *method);
/* A message of the service by short or full name; returns the full one. */
const char *ctl_method_event_type(struct ctl *ctl, const char *service, const char *name);
/* The i-th callable name ("customers.GetCustomer") and its message; false past the last. */
bool ctl_method_at(size_t i, char name[160], const ProtobufCMessageDescriptor **descriptor);

#endif
