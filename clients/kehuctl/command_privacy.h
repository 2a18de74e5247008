/* What the commands of privacy share. */
#ifndef KEHU_CTL_COMMAND_PRIVACY_H
#define KEHU_CTL_COMMAND_PRIVACY_H

#include "ctl.h"
#include "kehu/customers/v1/privacy.pb-c.h"

/* The person of the first argument: a contact's id, or the reference of a customer. */
void command_privacy_person(const struct ctl *ctl, Kehu__Customers__V1__PersonRef *person);

#endif
