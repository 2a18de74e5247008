/*
 * Why a clock is due when it is due: a sentence, and step by step, in Chinese and English
 * (BEHAVIOUR: everything derived can be asked why).
 */
#ifndef KEHU_COMPLAINTS_CLOCK_TEXT_H
#define KEHU_COMPLAINTS_CLOCK_TEXT_H

#include "services/complaints/domain/clock.h"

#define CLOCK_TEXT_BYTES 1024
#define CLOCK_TEXT_STEPS_BYTES 8192
#define CLOCK_TEXT_SPANS 40 /* days or spans that are told one by one */

/* "处理答复应于2026年10月14日(周三)18:00前完成:普通优先级5个工作日,自…起算(政策v3)". Terminated. */
void clock_text_tell(const struct case_clock *clock, const struct calendar *calendar,
                     enum telling_language language, char out[CLOCK_TEXT_BYTES]);
/* The steps, one a line: start and why there, term, each working day or span of hours that counts,
 * what pauses and extensions added, warnings, due, how it ended. Terminated. */
void clock_text_tell_steps(const struct case_clock *clock, const struct calendar *calendar,
                           enum telling_language language, char out[CLOCK_TEXT_STEPS_BYTES]);

#endif
