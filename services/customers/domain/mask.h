/*
 * Telephone numbers and e-mail addresses as they are shown to who did not ask to see them
 * (BEHAVIOUR, R169).
 */
#ifndef KEHU_CUSTOMERS_MASK_H
#define KEHU_CUSTOMERS_MASK_H

#include "common/base.h"

#define MASK_BYTES 400

/*
 * "+8613800000001" and "13800000001" → "138****0001"; "+86 571 87654321" keeps what is before and
 * the last four of the number: the four digits before the last four are hidden, of shorter numbers
 * all but the last two. What follows the number (" ext 801") stays. Terminated; a value that does
 * not fit is hidden whole.
 */
void mask_phone(struct text phone, char out[MASK_BYTES]);
/* "lina@example.cn" → "l***@example.cn". What is no address is hidden whole: "***". */
void mask_email(struct text email, char out[MASK_BYTES]);

#endif
