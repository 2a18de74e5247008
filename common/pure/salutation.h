/*
 * How a person is addressed (WORDS.md): as he wishes, else surname with title (欧阳经理, 李总),
 * else surname with 先生 or 女士, else the full name. In English Mr. or Ms. with the surname, else
 * the full name. Whatever follows (您好) is the template's.
 */
#ifndef KEHU_SALUTATION_H
#define KEHU_SALUTATION_H

#include "common/base.h"

#define SALUTATION_BYTES 512

struct salutation_person {
    struct text stored; /* as he wishes; empty: by rule */
    struct text name;
    struct text title;         /* 采购经理, 副总经理, 高级工程师 */
    struct text gender;        /* "female", "male"; empty: not known */
    struct text latin_surname; /* of a Chinese name, for English: "Ouyang"; empty: not known */
};

/* The surname of a Chinese name, 欧阳 of 欧阳修; empty for names with `·`, names that are not
 * Chinese and single characters, which are never split. */
struct text salutation_surname(struct text name);

/* Terminated, cut at a character where it does not fit; empty without a name. */
void salutation_make_zh(const struct salutation_person *person, char out[SALUTATION_BYTES]);
void salutation_make_en(const struct salutation_person *person, char out[SALUTATION_BYTES]);

#endif
