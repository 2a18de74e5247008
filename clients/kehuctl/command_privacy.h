/* What the commands of privacy share. */
#ifndef KEHU_CTL_COMMAND_PRIVACY_H
#define KEHU_CTL_COMMAND_PRIVACY_H

#include "ctl.h"
#include "kehu/customers/v1/privacy.pb-c.h"

#define COMMAND_PRIVACY_PERSON                                                                     \
    "PERSON is a contact as CUSTOMER/NAME (KH000123/李娜) or by its id, or the number, id or\n"  \
    "reference of a customer who is a person. Restricted and erased contacts have no name: give\n" \
    "the id (`privacy list`).\n\n"

/* The person of the first argument: a contact, or the reference of a customer. False: refused,
 * said, and *code says how it ended. */
bool command_privacy_person(struct ctl *ctl, Kehu__Customers__V1__PersonRef *person, int *code);

#endif
