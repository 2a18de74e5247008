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

/* service_floor.c */
extern const struct pg_statement service_floor_statements[];
extern const size_t service_floor_statement_count;
/* Reads the installation's row: the virtual clock of tests and demonstrations. */
enum flow service_read_installation(struct request *req);

/* service_health.c */
char *service_ready_page(void *service, bool *ready);
char *service_metrics_page(void *service, size_t *bytes);

struct health_part {
    const char *name;
    int state; /* HealthState of kehu.bus.v1 */
    const char *detail;
};
#define HEALTH_PARTS 3
/* False: the service cannot do its work now. */
bool service_health(const struct service *service, struct health_part parts[HEALTH_PARTS]);
/* Tables of all modules' counters; made once. */
struct metrics *service_metrics_new(struct service *service);

/* fetch.c */
enum flow fetch_begin(struct request *req);

#endif
