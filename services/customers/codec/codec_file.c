/*
 * What people are shown: a customer's file and the sales report.
 */
#include "kehu/customers/v1/customers.pb-c.h"
#include "services/customers/codec/codec.h"
#include "services/customers/codec/codec_value.h"

static char *reference_text(const struct customer_reference *reference, struct arena *arena)
{
    return arena_print(arena, "%.*s:%.*s", (int)reference->source.bytes, reference->source.at,
                       (int)reference->external_id.bytes, reference->external_id.at);
}

static bool put_references(const struct customer_file *file, struct arena *arena,
                           Kehu__Customers__V1__Customer *out)
{
    out->refs = arena_take_array(arena, file->reference_count, sizeof(*out->refs));
    if (!out->refs)
        return false;
    for (size_t i = 0; i < file->reference_count; i++)
        out->refs[i] = reference_text(&file->references[i], arena);
    out->n_refs = file->reference_count;
    return true;
}

static bool put_sales(const struct customer_file *file, struct arena *arena,
                      Kehu__Customers__V1__Customer *out)
{
    size_t count = file->sales_count;
    Kehu__Customers__V1__CustomerSales *sales = arena_take_array(arena, count, sizeof(*sales));

    out->sales = arena_take_array(arena, count, sizeof(*out->sales));
    if (!sales || !out->sales)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct customer_sales *from = &file->sales[i];

        kehu__customers__v1__customer_sales__init(&sales[i]);
        sales[i].currency = (char *)from->currency;
        sales[i].orders = from->orders;
        sales[i].lines = from->lines;
        sales[i].net_micros = from->net_micros;
        out->sales[i] = &sales[i];
    }
    out->n_sales = count;
    return true;
}

static void put_order(const struct customer_order *from, struct arena *arena,
                      Kehu__Customers__V1__CustomerOrder *out)
{
    kehu__customers__v1__customer_order__init(out);
    out->id = codec_value_id(&from->id, arena);
    out->source = codec_value_text(from->source, arena);
    out->number = codec_value_text(from->number, arena);
    out->kind = (Kehu__Customers__V1__DocumentKind)from->kind;
    out->ordered_at = codec_value_time(from->ordered_at_us, arena);
    out->day = codec_value_day(from->day, arena);
    out->region = codec_value_text(from->region, arena);
    out->currency = (char *)from->currency;
    out->net_micros = from->net_micros;
    out->lines = from->line_count;
    out->cancelled = from->is_cancelled;
    out->paid_micros = from->paid_micros;
    out->delivered_at = codec_value_time_or_absent(from->delivered_at_us, arena);
}

static bool put_orders(const struct customer_file *file, struct arena *arena,
                       Kehu__Customers__V1__Customer *out)
{
    size_t count = file->recent_order_count;
    Kehu__Customers__V1__CustomerOrder *orders = arena_take_array(arena, count, sizeof(*orders));

    out->recent_orders = arena_take_array(arena, count, sizeof(*out->recent_orders));
    if (!orders || !out->recent_orders)
        return false;
    for (size_t i = 0; i < count; i++) {
        put_order(&file->recent_orders[i], arena, &orders[i]);
        out->recent_orders[i] = &orders[i];
    }
    out->n_recent_orders = count;
    return true;
}

const ProtobufCMessage *codec_customer(const struct customer_file *file, struct arena *arena)
{
    Kehu__Customers__V1__Customer *out = arena_take(arena, sizeof(*out));

    if (!out)
        return NULL;
    kehu__customers__v1__customer__init(out);
    out->id = codec_value_id(&file->id, arena);
    out->number = codec_value_number(file->number, arena);
    out->name = codec_value_text(file->name, arena);
    out->incomplete = file->is_incomplete;
    out->registered_at = codec_value_time(file->registered_at_us, arena);
    out->first_order_at = codec_value_time_or_absent(file->first_order_at_us, arena);
    out->last_order_at = codec_value_time_or_absent(file->last_order_at_us, arena);
    out->version = file->version;
    if (file->merged_from)
        out->merged_from = codec_value_number(file->merged_from, arena);
    if (!put_references(file, arena, out) || !put_sales(file, arena, out) ||
        !put_orders(file, arena, out) || arena_is_full(arena))
        return NULL;
    return &out->base;
}

const ProtobufCMessage *codec_sales_report(const struct sales_row *rows, size_t count,
                                           const char *next_page_token, struct arena *arena)
{
    Kehu__Customers__V1__SalesReport *report = arena_take(arena, sizeof(*report));
    Kehu__Customers__V1__SalesRow *list = arena_take_array(arena, count, sizeof(*list));
    Kehu__Customers__V1__SalesRow **pointers = arena_take_array(arena, count, sizeof(*pointers));

    if (!report || !list || !pointers)
        return NULL;
    kehu__customers__v1__sales_report__init(report);
    for (size_t i = 0; i < count; i++) {
        kehu__customers__v1__sales_row__init(&list[i]);
        list[i].key = codec_value_text(rows[i].key, arena);
        list[i].currency = (char *)rows[i].currency;
        list[i].lines = rows[i].lines;
        list[i].orders = rows[i].orders;
        list[i].customers = rows[i].customers;
        list[i].net_micros = rows[i].net_micros;
        pointers[i] = &list[i];
    }
    report->rows = pointers;
    report->n_rows = count;
    if (next_page_token)
        report->next_page_token = (char *)next_page_token;
    return arena_is_full(arena) ? NULL : &report->base;
}
