/*
 * The process's one loop and the order of its turn. libuv delivers what arrived; then, once per
 * turn and just before sleeping, the loop runs the turn's stations in the order in which they
 * were added: read the bus, run the steps that became ready, send what they asked of PostgreSQL
 * and Redis, send the answers. There is one `prepare` handle for all of it, because libuv runs
 * several in reverse order of starting.
 */
#ifndef KEHU_LOOP_H
#define KEHU_LOOP_H

#include <uv.h>

#include "common/base.h"
#include "common/status.h"

struct loop;

/* A station of the turn. It must not block. */
typedef void (*loop_station)(void *owner);

struct loop *loop_new(void);
/* Closes what is left and frees; call after loop_run returned. */
void loop_free(struct loop *loop);

uv_loop_t *loop_uv(struct loop *loop);

/* Stations run in the order added; `name` is for the metrics. At most 16. */
void loop_add_station(struct loop *loop, const char *name, loop_station station, void *owner);

/* Asks that the loop does not sleep before its next turn: a station has more to do. */
void loop_turn_again(struct loop *loop);

/* Runs until loop_stop. SIGTERM and SIGINT call `on_stop` once; it ends in loop_stop. */
void loop_run(struct loop *loop, loop_station on_stop, void *owner);
void loop_stop(struct loop *loop);

/* The real time in microseconds since 1970 plus the virtual clock's offset; moves once a turn. */
int64_t loop_now_us(const struct loop *loop);
/* The same without the virtual clock's offset. */
int64_t loop_real_us(const struct loop *loop);
void loop_set_clock_offset(struct loop *loop, int64_t offset_us);
uint64_t loop_turns(const struct loop *loop);

#endif
