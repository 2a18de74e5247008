/*
 * The clockwork of a service: sleeps until the next timer is due, takes what is due in sets, and
 * starts a request for each. Several processes share the work; each looks when its next known timer
 * is due, when a NOTIFY on <service>_timer says that an earlier one was armed, and every 30 s.
 */
#ifndef KEHU_TIMERS_H
#define KEHU_TIMERS_H

#include "common/metrics.h"
#include "common/service.h"
#include "common/timer.h"

struct timers;

struct timers_counters {
    uint64_t looks, taken, at_work;
};

/* For the timer_kinds of the service's definition; without any it never looks. NULL: out of memory.
 */
struct timers *timers_new(struct service *service);
void timers_close(struct timers *timers);
/* After flows_free: requests of timers tell it that they ended. */
void timers_free(struct timers *timers);

/* Looks for due timers now: at start, on news, after the clock was moved. */
void timers_look(void *timers);

const struct timers_counters *timers_counters(const struct timers *timers);
extern const struct metric timers_metrics[];
extern const size_t timers_metric_count;

#endif
