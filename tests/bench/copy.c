/*
 * The baseline of storing orders: COPY of the rows that Kehu's events insert (receipt, order_key,
 * orders, order_line, log) into the same tables in another schema, from the same kind of loop
 * (libuv, libpq without blocking), one connection per process. Rows are made before the clock
 * starts. Prints one line of JSON: seconds, and the CPU of this program and of its backend.
 *
 *   copy --conninfo TEXT --schema NAME --first N --orders N --per-commit N --lines N
 *        --customers N --base UNIX
 */
#include <arpa/inet.h>
#include <endian.h>
#include <getopt.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include "common/pure/day.h"
#include "common/pure/uuid.h"
#include "tests/bench/support/orders.h"

#define EPOCH_2000_US (INT64_C(946684800) * SECOND_US)
#define EPOCH_2000_DAYS 10957

enum table { RECEIPT, ORDER_KEY, ORDERS, ORDER_LINE, LOG, TABLES };

static const char *const columns[TABLES] = {
    [RECEIPT] = "receipt (source, id, request, hash, at)",
    [ORDER_KEY] = "order_key (source, number, order_id, version, kind, has_content)",
    [ORDERS] = "orders (customer_id, id, source, number, order_number, revision, content_at,"
               " content_event, ordered_at, day, region_id, currency, lines, net_micros,"
               " is_historic)",
    [ORDER_LINE] = "order_line (order_id, customer_id, day, line, product, description, batch,"
                   " quantity_micros, unit_price_micros, amount_micros)",
    [LOG] = "log (epoch, id, type, subject, version, at, correlation_id, causation_id,"
            " traceparent, data)",
};

struct bytes {
    uint8_t *at;
    size_t used, room;
};

struct transaction {
    struct bytes tables[TABLES];
};

static struct {
    const char *conninfo, *schema;
    uint64_t first, orders, per_commit, lines, customers, base;
} settings;

static struct {
    PGconn *conn;
    uv_poll_t poll;
    struct transaction *transactions;
    size_t count, done;
    int table; /* of the next COPY of the transaction under way */
    char sql[1200];
} run;

static void fail(const char *what)
{
    fprintf(stderr, "copy: %s\n", what);
    exit(1);
}

/* --- rows in COPY's binary format --- */

static void put(struct bytes *out, const void *at, size_t bytes)
{
    if (out->room - out->used < bytes) {
        out->room = (out->room + bytes) * 2;
        out->at = realloc(out->at, out->room);
        if (!out->at)
            fail("out of memory");
    }
    if (bytes > 0)
        memcpy(out->at + out->used, at, bytes);
    out->used += bytes;
}

static void put_row(struct bytes *out, uint16_t fields)
{
    uint16_t net = htons(fields);

    put(out, &net, 2);
}

static void put_field(struct bytes *out, const void *at, size_t bytes)
{
    uint32_t length = htonl((uint32_t)bytes);

    put(out, &length, 4);
    put(out, at, bytes);
}

static void put_text(struct bytes *out, const char *text)
{
    put_field(out, text, strlen(text));
}

static void put_int4(struct bytes *out, int32_t value)
{
    uint32_t net = htonl((uint32_t)value);

    put_field(out, &net, 4);
}

static void put_int8(struct bytes *out, int64_t value)
{
    uint64_t net = htobe64((uint64_t)value);

    put_field(out, &net, 8);
}

static void put_time(struct bytes *out, int64_t at_us)
{
    put_int8(out, at_us - EPOCH_2000_US);
}

static void put_bool(struct bytes *out, bool value)
{
    uint8_t byte = value;

    put_field(out, &byte, 1);
}

static void put_id(struct bytes *out, const struct id *id)
{
    put_field(out, id->bytes, sizeof(id->bytes));
}

/* The same id for the same customer every time; random like one that was drawn long ago. */
static struct id id_of(uint64_t number)
{
    uint8_t random[10];
    uint64_t dice = (number + 1) * UINT64_C(0x9E3779B97F4A7C15);

    memcpy(random, &dice, 8);
    random[8] = random[9] = (uint8_t)number;
    return uuid_make((int64_t)(settings.base * 1000 + number) * 1000, random);
}

static void put_lines(struct bytes *out, const struct bench_order *order, const struct id *id,
                      const struct id *customer, int32_t day)
{
    for (uint32_t i = 0; i < order->line_count; i++) {
        const struct bench_line *line = &order->lines[i];
        put_row(out, 10);
        put_id(out, id);
        put_id(out, customer);
        put_int4(out, day - EPOCH_2000_DAYS);
        put_int4(out, (int32_t)i + 1);
        put_text(out, line->product);
        put_text(out, line->description);
        put_text(out, "");
        put_int8(out, line->quantity_micros);
        put_int8(out, line->unit_price_micros);
        put_int8(out, line->amount_micros);
    }
}

static void put_order(struct bytes *out, const struct bench_order *order, const struct id *id,
                      const struct id *customer, int32_t day)
{
    struct id region = id_of(order->customer_index % BENCH_REGIONS);

    put_row(out, 15);
    put_id(out, customer);
    put_id(out, id);
    put_text(out, "bench");
    put_text(out, order->number);
    put_text(out, "");
    put_int8(out, 0);
    put_time(out, order->ordered_at_us);
    put_text(out, order->event_id);
    put_time(out, order->ordered_at_us);
    put_int4(out, day - EPOCH_2000_DAYS);
    put_id(out, &region);
    put_text(out, "CNY");
    put_int4(out, (int32_t)order->line_count);
    put_int8(out, order->net_micros);
    put_bool(out, false);
}

static void put_log(struct bytes *out, const struct bench_order *order, const struct id *id,
                    const struct id *customer, const char *request)
{
    struct id event = id_of(settings.customers + order->index * 2 + 1);
    char customer_text[37], id_text[37];
    uint8_t data[256];

    uuid_print(customer, customer_text);
    uuid_print(id, id_text);
    put_row(out, 10);
    put_int4(out, 1);
    put_id(out, &event);
    put_text(out, "kehu.customers.v1.OrderRecorded");
    put_id(out, customer);
    put_int8(out, (int64_t)(order->index / settings.customers) + 2);
    put_time(out, order->ordered_at_us);
    put_text(out, request);
    put_text(out, request);
    put_text(out, "");
    put_field(out, data, orders_pack_recorded(order, customer_text, id_text, "2026-01-01", data));
}

static void make_rows(uint64_t index, struct bytes tables[TABLES])
{
    struct bench_order order;
    uint8_t hash[32];
    char request[37];

    orders_make(index, (uint32_t)settings.customers, (uint32_t)settings.lines,
                (int64_t)settings.base * SECOND_US, &order);
    struct id id = id_of(settings.customers + index * 2), customer = id_of(order.customer_index);
    struct id batch = id_of(settings.customers + index / 100 * 200);
    int32_t day = (int32_t)(order.ordered_at_us / DAY_US);

    for (size_t i = 0; i < sizeof(hash); i++)
        hash[i] = (uint8_t)(index * 2654435761u >> (i & 24)) ^ (uint8_t)(i * 37);
    uuid_print(&batch, request);
    put_row(&tables[RECEIPT], 5);
    put_text(&tables[RECEIPT], "bench");
    put_text(&tables[RECEIPT], order.event_id);
    put_text(&tables[RECEIPT], request);
    put_field(&tables[RECEIPT], hash, sizeof(hash));
    put_time(&tables[RECEIPT], order.ordered_at_us);
    put_row(&tables[ORDER_KEY], 6);
    put_text(&tables[ORDER_KEY], "bench");
    put_text(&tables[ORDER_KEY], order.number);
    put_id(&tables[ORDER_KEY], &id);
    put_int4(&tables[ORDER_KEY], 1);
    put_int4(&tables[ORDER_KEY], 1);
    put_bool(&tables[ORDER_KEY], true);
    put_order(&tables[ORDERS], &order, &id, &customer, day);
    put_lines(&tables[ORDER_LINE], &order, &id, &customer, day);
    put_log(&tables[LOG], &order, &id, &customer, request);
}

static void make_transactions(void)
{
    static const uint8_t header[19] = "PGCOPY\n\377\r\n";
    static const uint8_t trailer[2] = {0xff, 0xff};

    run.count = (settings.orders + settings.per_commit - 1) / settings.per_commit;
    run.transactions = calloc(run.count, sizeof(*run.transactions));
    if (!run.transactions)
        fail("out of memory");
    for (uint64_t i = 0; i < settings.orders; i++) {
        struct bytes *tables = run.transactions[i / settings.per_commit].tables;
        for (int t = 0; i % settings.per_commit == 0 && t < TABLES; t++)
            put(&tables[t], header, sizeof(header));
        make_rows(settings.first + i, tables);
    }
    for (size_t k = 0; k < run.count; k++)
        for (int t = 0; t < TABLES; t++)
            put(&run.transactions[k].tables[t], trailer, sizeof(trailer));
}

/* --- the loop --- */

static void on_socket(uv_poll_t *poll, int status, int events);

static void push(void)
{
    int left = PQflush(run.conn);

    if (left < 0)
        fail(PQerrorMessage(run.conn));
    uv_poll_start(&run.poll, UV_READABLE | (left ? UV_WRITABLE : 0), on_socket);
}

/* All COPYs of a transaction are one string: it commits as a whole, and saves five round trips. */
static void begin(void)
{
    run.table = 0;
    if (PQsendQuery(run.conn, run.sql) != 1)
        fail(PQerrorMessage(run.conn));
    push();
}

static void send_table(void)
{
    const struct bytes *rows = &run.transactions[run.done].tables[run.table++];

    if (PQputCopyData(run.conn, (const char *)rows->at, (int)rows->used) != 1 ||
        PQputCopyEnd(run.conn, NULL) != 1)
        fail(PQerrorMessage(run.conn));
    push();
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    if (status < 0 || ((events & UV_READABLE) && PQconsumeInput(run.conn) != 1))
        fail(PQerrorMessage(run.conn));
    if (events & UV_WRITABLE)
        push();
    while (!PQisBusy(run.conn)) {
        PGresult *result = PQgetResult(run.conn);
        ExecStatusType kind = result ? PQresultStatus(result) : PGRES_EMPTY_QUERY;

        PQclear(result);
        if (kind == PGRES_COPY_IN) {
            send_table();
            return;
        }
        if (result && kind != PGRES_COMMAND_OK)
            fail(PQerrorMessage(run.conn));
        if (result)
            continue;
        if (++run.done == run.count) {
            uv_poll_stop(poll);
            return;
        }
        begin();
    }
}

/* --- measuring --- */

static double own_cpu_s(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* utime + stime of the backend, counted by the kernel in ticks. */
static double backend_cpu_s(void)
{
    char path[40];
    unsigned long user = 0, system = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", PQbackendPID(run.conn));
    FILE *file = fopen(path, "r");

    if (file) {
        if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                   &system) != 2)
            user = system = 0;
        fclose(file);
    }
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void connect_or_fail(void)
{
    char sql[200];

    run.conn = PQconnectdb(settings.conninfo);
    if (PQstatus(run.conn) != CONNECTION_OK)
        fail(PQerrorMessage(run.conn));
    snprintf(sql, sizeof(sql), "set search_path = %s", settings.schema);
    PQclear(PQexec(run.conn, sql));
    PQsetnonblocking(run.conn, 1);
    for (int t = 0; t < TABLES; t++) {
        size_t used = strlen(run.sql);
        snprintf(run.sql + used, sizeof(run.sql) - used, "copy %s from stdin binary;", columns[t]);
    }
}

static void read_arguments(int argc, char **argv)
{
    static const struct option options[] = {
        {"conninfo", 1, NULL, 'd'},  {"schema", 1, NULL, 's'},     {"first", 1, NULL, 'f'},
        {"orders", 1, NULL, 'o'},    {"per-commit", 1, NULL, 'p'}, {"lines", 1, NULL, 'l'},
        {"customers", 1, NULL, 'n'}, {"base", 1, NULL, 't'},       {NULL, 0, NULL, 0}};

    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        uint64_t number = optarg ? strtoull(optarg, NULL, 10) : 0;
        if (o == 'd')
            settings.conninfo = optarg;
        else if (o == 's')
            settings.schema = optarg;
        else if (o == 'f')
            settings.first = number;
        else if (o == 'o')
            settings.orders = number;
        else if (o == 'p')
            settings.per_commit = number;
        else if (o == 'l')
            settings.lines = number;
        else if (o == 'n')
            settings.customers = number;
        else if (o == 't')
            settings.base = number;
        else
            fail("see the head of tests/bench/copy.c for its options");
    }
    if (!settings.conninfo || !settings.schema || !settings.orders || !settings.per_commit ||
        settings.lines - 1 > 19 || !settings.customers || !settings.base)
        fail("an option is missing or out of range");
}

int main(int argc, char **argv)
{
    uv_loop_t *loop = uv_default_loop();

    read_arguments(argc, argv);
    make_transactions();
    connect_or_fail();
    uv_poll_init(loop, &run.poll, PQsocket(run.conn));
    double began = (double)uv_hrtime() / 1e9, own = own_cpu_s(), backend = backend_cpu_s();

    begin();
    uv_run(loop, UV_RUN_DEFAULT);
    printf("{\"seconds\":%.6f,\"cpu\":%.6f,\"backend_cpu\":%.6f,\"commits\":%zu}\n",
           (double)uv_hrtime() / 1e9 - began, own_cpu_s() - own, backend_cpu_s() - backend,
           run.count);
    PQfinish(run.conn);
    for (size_t k = 0; k < run.count; k++)
        for (int t = 0; t < TABLES; t++)
            free(run.transactions[k].tables[t].at);
    free(run.transactions);
    return 0;
}
