/*
 * Festivals on which customers are greeted (BEHAVIOUR §3): 元旦, 春节 (sent on its eve, 除夕),
 * 元宵, 端午, 中秋, 国庆; and two that are known so that nobody greets on them: 清明 and 中元 are
 * days of the dead.
 */
#ifndef KEHU_FESTIVAL_H
#define KEHU_FESTIVAL_H

#include "common/base.h"

enum festival {
    FESTIVAL_NEW_YEAR,    /* 元旦, 1 January */
    FESTIVAL_SPRING,      /* 春节, lunar 1/1 */
    FESTIVAL_LANTERN,     /* 元宵, lunar 1/15 */
    FESTIVAL_QINGMING,    /* 清明, 4 to 6 April, by the sun; not for greetings */
    FESTIVAL_DRAGON_BOAT, /* 端午, lunar 5/5 */
    FESTIVAL_ZHONGYUAN,   /* 中元, lunar 7/15; not for greetings */
    FESTIVAL_MID_AUTUMN,  /* 中秋, lunar 8/15 */
    FESTIVAL_NATIONAL,    /* 国庆, 1 October */
    FESTIVAL_COUNT
};

struct festival_kind {
    const char *name; /* "spring" */
    const char *zh, *en;
    const char *wish_zh; /* 快乐; of 端午 安康 */
    bool may_greet;
};

const struct festival_kind *festival_kind(enum festival festival);
/* By its name or its Chinese name; false: there is none. */
bool festival_find(struct text name, enum festival *out) MUST_USE;

/* Its day in that Gregorian year. False: no year of 1901..2100. */
bool festival_in_year(enum festival festival, int32_t year, int32_t *day) MUST_USE;
/* The day its greeting is sent: its own, of 春节 the eve. False: out of range, or a festival on
 * which nobody is greeted. */
bool festival_greeting_day(enum festival festival, int32_t year, int32_t *day) MUST_USE;

#endif
