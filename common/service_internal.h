/* What the files of service share. Nothing else includes this. */
#ifndef KEHU_SERVICE_INTERNAL_H
#define KEHU_SERVICE_INTERNAL_H

#include "common/service.h"

struct service_job {
    struct service *service;
    const struct job *job;
    uv_timer_t timer;
};

void service_close(struct service *service);

/* service_calls.c: to the services that this one asks, and what it consumes of them. False: `why`
 * says what is wrong with the setting `what`. */
bool service_calls_open(struct service *service, char *what, size_t what_bytes, char *why,
                        size_t why_bytes);
/* Station of the turn. */
void service_calls_turn(void *service);
void service_calls_close(struct service *service);
/* After flows_free. */
void service_calls_free(struct service *service);

/* service_health.c */
char *service_ready_page(void *service, bool *ready);
char *service_metrics_page(void *service, size_t *bytes);

struct health_part {
    const char *name;
    int state; /* HealthState of kehu.bus.v1 */
    const char *detail;
};
#define HEALTH_PARTS 6
/* False: the service cannot do its work now. */
bool service_health(const struct service *service, struct health_part parts[HEALTH_PARTS]);
/* Tables of all modules' counters; made once. */
struct metrics *service_metrics_new(struct service *service);

/* fetch.c */
enum flow fetch_begin(struct request *req);

/* advance.c */
enum flow advance_begin(struct request *req);
enum flow advance_get_clock(struct request *req);

#endif
