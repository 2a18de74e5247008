/*
 * Readings that one cannot know from the character alone: surnames, words, and characters with two
 * common readings. Own selection, made for names of people, places and companies.
 */
#ifndef KEHU_PINYIN_WORDS_H
#define KEHU_PINYIN_WORDS_H

#include "common/base.h"

/* Syllables are separated by spaces, other ways of reading one by slashes, the usual one first. */
struct pinyin_word {
    const char *word;
    const char *readings;
};

/* The longest entry with which the text begins; NULL: none. Surnames are looked for only where a
 * person's name begins. */
const struct pinyin_word *pinyin_words_find(struct text text);
const struct pinyin_word *pinyin_words_find_surname(struct text text);

/* All words, for whoever wants to look at their first characters only. */
const struct pinyin_word *pinyin_words_at(size_t i);

#endif
