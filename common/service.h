/*
 * A service is one table: its messages, statements, settings, jobs and migrations. service_main
 * does the rest, the same for all: settings, migrations, connections, the order of the turn, the
 * stop.
 */
#ifndef KEHU_SERVICE_H
#define KEHU_SERVICE_H

#include "common/bus.h"
#include "common/flow.h"
#include "common/http.h"
#include "common/kv.h"
#include "common/loop.h"
#include "common/metrics.h"
#include "common/migrate.h"
#include "common/pg.h"
#include "common/pure/calendar.h"
#include "common/pure/zone.h"
#include "common/seal.h"
#include "common/settings.h"

/* Who may send a message. */
enum handler_rights {
    RIGHTS_CALL = 0, /* keys whose "call" names the method */
    RIGHTS_PUBLISH,  /* keys that publish; the handler checks source and type of each event */
    RIGHTS_ANY,      /* every key */
    RIGHTS_ADMIN,
};

/* Which limit of overload holds for a message. */
enum handler_limit {
    LIMIT_WORK = 0, /* requests at work and their memory */
    LIMIT_POLL,     /* parked polls, of the service and of each key */
    LIMIT_NONE,     /* health: answered from memory at once, never refused */
};

/* One message and its first step. */
struct handler {
    const char *type; /* "kehu.customers.v1.GetCustomer" */
    flow_step step;
    bool is_query; /* changes nothing: open to read-only keys, not queued by subject */
    enum handler_limit limit;
    enum handler_rights rights;
    bool is_for_systems; /* keys as themselves only: never on behalf of a person */
    unsigned act;        /* what the service's door asks of a person's roles; 0: nothing */
};

/* What the service does by itself now and then. */
struct job {
    const char *name;
    int64_t every_ms;
    flow_step step;
};

struct call;
struct consumed_log;
struct consumers;
struct sweep;
struct sweeps;
struct timer_kind;

struct statements {
    const struct pg_statement *table;
    size_t count;
};

struct service_definition {
    const char *name;
    const struct handler *handlers;
    size_t handler_count;
    flow_step
        door; /* entered before the first step of the messages above; NULL: none. It ends with
                 flow_enter or a refusal. Not for the floor's messages, systems', jobs, timers */
    const struct statements *statements; /* of its stores; those of the floor are added */
    size_t statement_table_count;
    const struct setting *settings;
    size_t setting_count;
    const struct job *jobs;
    size_t job_count;
    const struct timer_kind *timer_kinds; /* whose timers ring here; see timer.h */
    size_t timer_kind_count;
    const struct sweep *sweeps; /* whose due rows are done in sets; see sweep.h */
    size_t sweep_count;
    const struct consumed_log *consumers; /* the logs it reads; see consume.h */
    size_t consumer_count;
    const struct metric *metrics; /* of the service's own counters struct */
    size_t metric_count;
    size_t counters_bytes;
    void (*counters_free)(void *counters); /* what they point to; NULL: nothing */
    const struct migration *migrations;    /* the floor's first */
    size_t migration_count;
    bool needs_seal; /* keeps sealed values: does not start without KEHU_SEAL_KEYS_FILE */
};

/* The running service; handlers reach it by req->service. */
struct service {
    const struct service_definition *definition;
    const char *instance; /* "customers", "customers-2" */
    struct settings *settings;
    struct loop *loop;
    struct keys *keys;
    struct seal *seal;   /* NULL: KEHU_SEAL_KEYS_FILE was not given */
    char seal_note[200]; /* what waits to be sealed again, for health; "": nothing */
    bool seal_is_wrong;  /* it is not the ring that this database's values were sealed with */
    struct bus *bus;
    struct pg *pg;
    struct kv *kv;
    struct flows *flows;
    struct http *http;
    struct zone zone;         /* the business zone */
    struct calendar calendar; /* the working days of the business: the built-in Chinese one */
    char currency[4];         /* the business currency */
    struct timers *timers;
    struct sweeps *sweeps;
    struct call **calls; /* to the services whose logs it reads, in the order of the definition */
    struct consumers *consumers;
    struct metrics *metrics;
    char metrics_prefix[64];
    void *counters; /* the service's own, of definition->counters_bytes */
    uv_timer_t ticker;
    struct service_job *jobs;
    bool is_stopping, is_closed;
    uint64_t stop_by_ms;
};

int service_main(const struct service_definition *definition, int argc, char **argv);

/* The handler of a type, of the service or of the floor; NULL: none. */
const struct handler *service_find_handler(const struct service *service, const char *type);

/* The call to a service of that name; NULL: the definition does not name it. */
struct call *service_find_call(const struct service *service, const char *name);

/* kehu.bus.v1.Ping, GetHealth, GetStats, Fetch. */
extern const struct handler service_floor_handlers[];
extern const size_t service_floor_handler_count;

#endif
