/* What the commands of privacy share. */
#ifndef KEHU_CTL_COMMAND_PRIVACY_H
#define KEHU_CTL_COMMAND_PRIVACY_H

#include "ctl.h"
#include "kehu/customers/v1/privacy.pb-c.h"

/* The person of the first argument: a contact, or the reference of a customer. False: refused,
 * said, and *code says how it ended. */
bool command_privacy_person(struct ctl *ctl, Kehu__Customers__V1__PersonRef *person, int *code);

#endif
