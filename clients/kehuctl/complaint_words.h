/*
 * The words of cases as people read them, zh and en: headings, states, deadlines, what is missing
 * before a case may be closed. Wire names stay what options take and --json prints.
 */
#ifndef KEHU_CTL_COMPLAINT_WORDS_H
#define KEHU_CTL_COMPLAINT_WORDS_H

#include "ctl.h"

/* Of which table a name is: "closed" is a state, "reached" the outcome of a call. */
enum complaint_words {
    WORDS_KIND,
    WORDS_STATE,
    WORDS_CHANNEL,
    WORDS_PRIORITY,
    WORDS_SEVERITY,
    WORDS_BAND,    /* of a deadline: green, yellow, red, black */
    WORDS_CLOCK,   /* kinds of deadlines */
    WORDS_RUNNING, /* how a deadline stands */
    WORDS_REMEDY,
    WORDS_REMEDY_STATE,
    WORDS_FAULT,
    WORDS_OUTCOME, /* of calls, messages */
    WORDS_CONDITION,
    WORDS_ACT,
    WORDS_VERB,  /* what may be done: the names of commands; "" where nobody types one */
    WORDS_LABEL, /* headings and the small words between */
    WORDS_TABLES,
};

/* "investigating" is "调查处理中" or "investigating"; an unknown name is its own word. */
const char *complaint_word(const struct ctl *ctl, enum complaint_words table, const char *name);
/* The same of an enum's value; "" of 0. */
const char *complaint_enum_word(struct ctl *ctl, enum complaint_words table,
                                const ProtobufCEnumDescriptor *type, int value);
/* What a refusal says of a field: "condition.lesson" in the reader's language, others as they
 * came. For ctl->violation_words. */
const char *complaint_violation(const struct ctl *ctl, const char *field, const char *description);

#endif
