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

/* service_health.c */
char *service_ready_page(void *service, bool *ready);
char *service_metrics_page(void *service, size_t *bytes);

struct health_part {
    const char *name;
    int state; /* HealthState of kehu.bus.v1 */
    const char *detail;
};
#define HEALTH_PARTS 4
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
