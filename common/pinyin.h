/*
 * Search keys of Chinese names: pinyin without tones and spaces ("kunmingcuihushangmao") and
 * initials ("kmchsm"), so that a name is found by what people type (BEHAVIOUR §5). ICU's Han-Latin
 * gives the usual reading of a character; pinyin_words.h corrects it in words, in surnames and
 * where a character is commonly read in two ways. The same name always has the same keys.
 *
 * ü is `v`, as it is typed, with `u` as the other way. Latin letters and digits stand in both keys
 * in small letters; signs and characters without a known reading are left out.
 */
#ifndef KEHU_PINYIN_H
#define KEHU_PINYIN_H

#include "common/base.h"
#include "common/status.h"

#define PINYIN_WAYS 4
#define PINYIN_CHARACTERS 200 /* of a name; what follows is not read */
#define PINYIN_FULL_BYTES (PINYIN_CHARACTERS * 7 + 1)
#define PINYIN_INITIALS_BYTES PINYIN_FULL_BYTES /* a name in Latin letters is all of it */

/* One way of reading the name; terminated, [a-z0-9]*. */
struct pinyin_way {
    char full[PINYIN_FULL_BYTES];
    char initials[PINYIN_INITIALS_BYTES];
};

struct pinyin_keys {
    size_t count;                        /* 1..4; ways[0] is the most usual */
    struct pinyin_way ways[PINYIN_WAYS]; /* all different in `full` */
};

struct pinyin;

/* Opens ICU's transliterators, once per process. INTERNAL: ICU's data is not there; `why` says so.
 */
enum status pinyin_new(struct pinyin **pinyin, char *why, size_t why_bytes) MUST_USE;
void pinyin_free(struct pinyin *pinyin);

/* The keys of a UTF-8 name. For a person the first character, or two, are read as a surname: 单
 * shan, 尉迟 yuchi. Reading stops at bytes that are no UTF-8. */
void pinyin_make_keys(struct pinyin *pinyin, struct text name, bool is_person,
                      struct pinyin_keys *keys);

#endif
