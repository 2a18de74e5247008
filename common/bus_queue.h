/*
 * Answers on their way out of a bus: one queue per peer, so that a slow peer holds up only itself.
 * What its pipe does not take waits here, in order; peers of whom nothing waits cost nothing.
 */
#ifndef KEHU_BUS_QUEUE_H
#define KEHU_BUS_QUEUE_H

#include "common/base.h"
#include "common/bus.h"

struct bus_queue;

/*
 * Sends on `socket` (a ROUTER with ZMQ_ROUTER_MANDATORY) and counts in `counters`. At most
 * `answers` and `bytes` wait, of one peer at most a quarter of each. NULL when memory is out.
 */
struct bus_queue *bus_queue_new(void *socket, size_t answers, size_t bytes,
                                struct bus_counters *counters);
void bus_queue_free(struct bus_queue *queue);

/* Copies the answer to its peer's queue. Over a limit the newest answers of slow peers go. */
void bus_queue_add(struct bus_queue *queue, const struct bus_route *route, const uint8_t *bytes,
                   size_t count);

/* Sends what the peers take. True when some of it must wait for a slow peer. */
bool bus_queue_flush(struct bus_queue *queue);

#endif
