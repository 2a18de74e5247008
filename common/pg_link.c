/*
 * One connection: connecting without blocking, preparing all statements, reading results, and
 * coming back after it was lost.
 *
 * While it connects there is no uv_poll on the socket: libpq may close and reopen it on its own
 * (several hosts), and a handle on a closed descriptor polls a foreign one. A short timer asks
 * poll(2) instead; connecting is rare.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/logfmt.h"
#include "common/pg_internal.h"

#define CONNECT_TICK_MS 5
#define CONNECT_LIMIT_MS 5000
#define LONGEST_PAUSE_MS 5000

/* Everything but reports is a look-up by key: planned once, and never as a scan. A plan made while
 * a table was small must not stay when it has grown (nobody analyses a table in its first minute),
 * and PostgreSQL would plan a look-up of one element anew each time, at several times its cost. The
 * next page comes by walking along an index, which is taken for dear as long as it is believed to
 * turn a disk for each row. */
#define LOOK_UP_PLANS                                                                              \
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off "                                 \
    "-c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
/* Reports sort and gather what they read; there is one of them at a time. */
#define REPORT_PLANS "-c work_mem=32MB"
/* A server that runs ends each statement by its own time-out; this much later it is taken for hung.
 */
#define SILENCE_AFTER_TIMEOUT_MS 5000

static void connect_tick(uv_timer_t *timer);
static bool expects_results(const struct pg_link *link);
static void try_again(uv_timer_t *timer);

void pg_link_init(struct pg_link *link, struct pg *pg, struct pg_reader *reader, const char *name)
{
    link->pg = pg;
    link->reader = reader;
    link->name = name;
    link->pause_ms = pg->options.reconnect_ms;
    snprintf(link->why_down, sizeof(link->why_down), "not connected yet");
    uv_timer_init(loop_uv(pg->loop), &link->timer);
    link->timer.data = link;
}

static void finish_conn(uv_handle_t *handle)
{
    /* The resource goes only now: the handle no longer polls its descriptor. */
    PQfinish(handle->data);
    free(handle);
}

static void drop_conn(struct pg_link *link)
{
    if (link->poll) {
        link->poll->data = link->conn;
        uv_close((uv_handle_t *)link->poll, finish_conn);
    } else if (link->conn) {
        PQfinish(link->conn);
    }
    link->poll = NULL;
    link->conn = NULL;
}

void pg_link_lose(struct pg_link *link, const char *why)
{
    enum pg_link_state state = link->state;

    if (state == PG_LINK_DOWN)
        return;
    snprintf(link->why_down, sizeof(link->why_down), "%s", why && *why ? why : "connection lost");
    for (char *at = link->why_down; *at; at++)
        if (*at == '\n')
            *at = ' ';
    link->state = PG_LINK_DOWN;
    drop_conn(link);
    if (state == PG_LINK_READY && link->reader)
        pg_read_lost(link->reader);
    else if (state == PG_LINK_READY)
        pg_write_lost(link->pg);
    pg_tell_readiness(link->pg);
    if (link->pg->is_closing)
        return;
    uv_timer_start(&link->timer, try_again, (uint64_t)link->pause_ms, 0);
    link->pause_ms *= 2;
    if (link->pause_ms > LONGEST_PAUSE_MS)
        link->pause_ms = LONGEST_PAUSE_MS;
}

static void try_again(uv_timer_t *timer)
{
    pg_link_connect(timer->data);
}

void pg_link_connect(struct pg_link *link)
{
    const struct pg_options *options = &link->pg->options;
    bool is_slow = link->reader == &link->pg->slow;
    char server_options[500], name[100];

    snprintf(
        server_options, sizeof(server_options),
        "-c search_path=%s -c statement_timeout=%d -c timezone=UTC -c client_min_messages=error "
        "-c default_transaction_isolation=read\\ committed -c jit=off -c lock_timeout=2000 %s",
        options->schema, options->statement_timeout_ms, is_slow ? REPORT_PLANS : LOOK_UP_PLANS);
    snprintf(name, sizeof(name), "%s %s", options->application, link->name);

    /* What stands before dbname may be overruled by the connection string, what stands after not.
     */
    const char *const keywords[] = {"target_session_attrs",
                                    "keepalives_idle",
                                    "tcp_user_timeout",
                                    "dbname",
                                    "options",
                                    "application_name",
                                    NULL};
    const char *const values[] = {"read-write",   "10", "10000", options->conninfo,
                                  server_options, name, NULL};

    link->conn = PQconnectStartParams(keywords, values, 1);
    link->state = PG_LINK_CONNECTING;
    link->started_ms = uv_now(loop_uv(link->pg->loop));
    if (!link->conn || PQstatus(link->conn) == CONNECTION_BAD) {
        pg_link_lose(link, link->conn ? PQerrorMessage(link->conn) : "out of memory");
        return;
    }
    link->polling = PGRES_POLLING_WRITING;
    uv_timer_start(&link->timer, connect_tick, 0, CONNECT_TICK_MS);
}

static void ignore_notice(void *owner, const PGresult *result)
{
    (void)owner;
    (void)result;
}

static void poll_ready(uv_poll_t *poll, int status, int events);

static bool listen_to_channels(struct pg_link *link)
{
    struct pg *pg = link->pg;

    for (size_t i = 0; link->reader == &pg->quick && i < pg->channel_count; i++) {
        char listen[100];
        snprintf(listen, sizeof(listen), "listen %s", pg->channels[i].name);
        if (!PQsendQueryParams(link->conn, listen, 0, NULL, NULL, NULL, NULL, 1))
            return false;
    }
    return true;
}

static bool belongs(const struct pg_link *link, const struct pg_statement *statement)
{
    if (statement->write || !link->reader)
        return statement->write && !link->reader;
    return statement->slow == (link->reader == &link->pg->slow);
}

/* All statements of this connection, and the channels it listens on, in one pipeline. */
static bool prepare_all(struct pg_link *link)
{
    struct pg *pg = link->pg;

    link->preparing = 0;
    for (size_t t = 0; t < pg->table_count; t++)
        for (size_t i = 0; i < pg->statement_counts[t]; i++) {
            const struct pg_statement *statement = &pg->statements[t][i];
            if (!belongs(link, statement))
                continue;
            if (!pg_args_prepare(link->conn, statement))
                return false;
            link->preparing++;
        }
    return listen_to_channels(link) && PQpipelineSync(link->conn) == 1;
}

static void connected(struct pg_link *link)
{
    PQsetNoticeReceiver(link->conn, ignore_notice, NULL);
    link->poll = calloc(1, sizeof(*link->poll));
    if (!link->poll || PQsetnonblocking(link->conn, 1) != 0 ||
        PQenterPipelineMode(link->conn) != 1 ||
        uv_poll_init(loop_uv(link->pg->loop), link->poll, PQsocket(link->conn)) != 0) {
        free(link->poll);
        link->poll = NULL;
        pg_link_lose(link, "cannot watch the connection");
        return;
    }
    link->poll->data = link;
    link->state = PG_LINK_PREPARING;
    if (!prepare_all(link)) {
        pg_link_lose(link, PQerrorMessage(link->conn));
        return;
    }
    pg_link_push(link);
}

static bool socket_is_ready(struct pg_link *link)
{
    struct pollfd fd = {.fd = PQsocket(link->conn),
                        .events = link->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT};

    return fd.fd < 0 || poll(&fd, 1, 0) != 0;
}

static void connect_tick(uv_timer_t *timer)
{
    struct pg_link *link = timer->data;

    if (uv_now(loop_uv(link->pg->loop)) - link->started_ms > CONNECT_LIMIT_MS) {
        uv_timer_stop(timer);
        pg_link_lose(link, "no answer while connecting");
        return;
    }
    if (!socket_is_ready(link))
        return;
    link->polling = PQconnectPoll(link->conn);
    if (link->polling == PGRES_POLLING_FAILED) {
        uv_timer_stop(timer);
        pg_link_lose(link, PQerrorMessage(link->conn));
    } else if (link->polling == PGRES_POLLING_OK) {
        uv_timer_stop(timer);
        connected(link);
    }
}

static void stayed_silent(uv_timer_t *timer)
{
    pg_link_lose(timer->data, "the server does not answer any more");
}

/* While results are awaited each word of the server starts the wait anew. */
static void watch_silence(struct pg_link *link)
{
    int limit_ms = link->pg->options.statement_timeout_ms + SILENCE_AFTER_TIMEOUT_MS;

    if (expects_results(link))
        uv_timer_start(&link->timer, stayed_silent, (uint64_t)limit_ms, 0);
    else
        uv_timer_stop(&link->timer);
}

void pg_link_push(struct pg_link *link)
{
    int left = PQflush(link->conn);

    if (left < 0) {
        pg_link_lose(link, PQerrorMessage(link->conn));
        return;
    }
    uv_poll_start(link->poll, UV_READABLE | (left > 0 ? UV_WRITABLE : 0), poll_ready);
    watch_silence(link);
}

static void prepared_result(struct pg_link *link, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_PIPELINE_SYNC) {
        link->state = PG_LINK_READY;
        link->pause_ms = link->pg->options.reconnect_ms;
        link->why_down[0] = '\0';
        link->pg->counters.connects++;
        pg_tell_readiness(link->pg);
    } else if (status == PGRES_FATAL_ERROR) {
        pg_link_lose(link, PQresultErrorMessage(result));
    }
}

/* Whether an answer is still to come: PQgetResult without one would say NULL for ever. */
static bool expects_results(const struct pg_link *link)
{
    if (link->state == PG_LINK_PREPARING)
        return true;
    if (link->state != PG_LINK_READY)
        return false;
    return link->reader ? pg_read_is_busy(link->reader) : pg_write_is_busy(link->pg);
}

static void take_results(struct pg_link *link)
{
    while (expects_results(link) && !PQisBusy(link->conn)) {
        PGresult *result = PQgetResult(link->conn);
        if (PQstatus(link->conn) == CONNECTION_BAD) {
            /* After a loss PQgetResult says only NULL. */
            PQclear(result);
            pg_link_lose(link, PQerrorMessage(link->conn));
            return;
        }
        if (link->state == PG_LINK_PREPARING) {
            if (result)
                prepared_result(link, result);
        } else if (link->reader) {
            pg_read_result(link->reader, result);
        } else {
            pg_write_result(link->pg, result);
        }
        PQclear(result);
    }
}

static void take_notifications(struct pg_link *link)
{
    struct pg *pg = link->pg;

    /* Many that arrive together are one piece of news. */
    for (PGnotify *notify; (notify = PQnotifies(link->conn)); PQfreemem(notify))
        for (size_t i = 0; i < pg->channel_count; i++)
            if (strcmp(notify->relname, pg->channels[i].name) == 0)
                pg->channels[i].has_news = true;
    for (size_t i = 0; i < pg->channel_count; i++) {
        if (!pg->channels[i].has_news)
            continue;
        pg->channels[i].has_news = false;
        pg->channels[i].woken(pg->channels[i].owner);
    }
}

static void poll_ready(uv_poll_t *poll, int status, int events)
{
    struct pg_link *link = poll->data;

    if (status < 0 || ((events & UV_READABLE) && PQconsumeInput(link->conn) != 1)) {
        /* libpq closes the socket of a connection it has given up: it knows the reason. */
        const char *why = PQerrorMessage(link->conn);
        pg_link_lose(link, *why || status >= 0 ? why : uv_strerror(status));
        return;
    }
    take_results(link);
    if (link->state < PG_LINK_PREPARING)
        return;
    take_notifications(link);
    watch_silence(link);
    if (events & UV_WRITABLE)
        pg_link_push(link);
}

void pg_link_close(struct pg_link *link)
{
    pg_link_lose(link, "closing");
    drop_conn(link);
    if (!uv_is_closing((uv_handle_t *)&link->timer))
        uv_close((uv_handle_t *)&link->timer, NULL);
}
