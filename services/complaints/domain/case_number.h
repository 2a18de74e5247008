/*
 * Numbers people can say: TS-20260930-0001, by kind and day of business. TS 投诉, JY 建议, FK
 * 意见反馈, ZX 咨询, FW 服务请求.
 */
#ifndef KEHU_COMPLAINTS_CASE_NUMBER_H
#define KEHU_COMPLAINTS_CASE_NUMBER_H

#include "services/complaints/domain/case.h"

#define CASE_NUMBER_BYTES 24
#define CASE_NUMBER_LAST 999999999 /* of a kind and day; from the 10,000th on more digits */

/* "TS"; of NONE "". */
const char *case_number_prefix(enum case_kind kind);
/* Terminated; returns the length. The day must be within the years 1000..9999, `nth` 1..LAST. */
size_t case_number_print(enum case_kind kind, int32_t day, uint32_t nth,
                         char out[CASE_NUMBER_BYTES]);
/* Reads one as people write it: small letters, without hyphens or with full-width ones, surrounding
 * spaces. False: it is none. */
bool case_number_parse(struct text text, enum case_kind *kind, int32_t *day,
                       uint32_t *nth) MUST_USE;

#endif
