/*
 * What every command says to people, in zh and en: headings of tables, what a refusal's status
 * means, the refusals met most. Words of cases are in complaint_words.h. The English is what is
 * looked up, and what is shown of what has no Chinese here; --json knows no languages.
 */
#ifndef KEHU_CTL_WORDS_H
#define KEHU_CTL_WORDS_H

#include "ctl.h"

/* --lang zh or en, else LC_ALL, LC_MESSAGES, LANG: zh… is Chinese. Another --lang is wrong use and
 * ends the program. */
bool ctl_is_zh(const struct ctl *ctl);
/* The heading of a column, "截止时间" for "due". Spaces before it stay. */
const char *ctl_heading(struct ctl *ctl, const char *heading);
/* A sentence of kehuctl's own or of a service that has a Chinese one, else itself. */
const char *ctl_sentence(const struct ctl *ctl, const char *sentence);
/* "没有权限 (PERMISSION_DENIED)" of "PERMISSION_DENIED"; in English itself. */
const char *ctl_status(struct ctl *ctl, const char *status);

#endif
