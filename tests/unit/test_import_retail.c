/*
 * Lines to documents, on small files and on the real one (skipped where ../shared/data is not
 * there).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/kehuctl/import_columns.c"
#include "clients/kehuctl/import_csv.c"
#include "clients/kehuctl/import_encoding.c"
#include "clients/kehuctl/import_event.c"
#include "clients/kehuctl/import_file.c"
#include "clients/kehuctl/import_retail.c"
#include "clients/kehuctl/import_value.c"
#include "common/zones.h"

#define HEADER "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"

static struct zone utc = {.name = "UTC"};
static char why[1024];

static void hear_fault(void *owner, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    char *heard = owner;
    size_t used = strlen(heard);

    snprintf(heard + used, 2048 - used, "line %u, column %u (%s): %s\n", (unsigned)line,
             (unsigned)column, name, what);
}

/* A reader of the text; what it complains about is put in `heard` (2,048 bytes). */
static struct import_retail *read_text(const char *file, enum import_encoding encoding, char *heard)
{
    static struct import_retail_options options;
    struct import_retail *retail;

    options = (struct import_retail_options){&utc, "GBP", encoding, hear_fault, heard};
    heard[0] = '\0';
    retail = import_retail_new(&options);
    assert_non_null(retail);
    if (import_retail_read(retail, file, strlen(file), why, sizeof(why)))
        return retail;
    import_retail_free(retail);
    return NULL;
}

static void lines_are_gathered_wherever_they_stand(void **state)
{
    char heard[2048];
    struct import_order order;
    struct import_retail *retail =
        read_text(HEADER "1,A,one,1,2009-12-01 07:46:00,1.5,77.0,UK\n"
                         "C2,B,,-1,2009-12-01 08:00:00,2,,UK\n"
                         "1,C ,\" three\",0.5,2009-12-01 07:45:00,0,77,UK\n",
                  IMPORT_ENCODING_UTF8, heard);

    (void)state;
    assert_string_equal(heard, "");
    assert_int_equal(import_retail_documents(retail), 2);
    assert_int_equal(import_retail_lines(retail), 3);
    assert_true(import_retail_next(retail, &order));
    assert_string_equal(order.number, "1");
    assert_int_equal(order.kind, IMPORT_KIND_ORDER);
    assert_string_equal(order.customer, "77");
    assert_string_equal(order.region, "UK");
    assert_string_equal(order.currency, "GBP");
    assert_int_equal(order.ordered_at_us, INT64_C(1259653500) * SECOND_US);
    assert_int_equal(order.line_count, 2);
    assert_string_equal(order.lines[1].product, "C ");
    assert_string_equal(order.lines[1].description, " three");
    assert_int_equal(order.lines[1].quantity_micros, 500000);
    assert_int_equal(order.lines[0].unit_price_micros, 1500000);
    assert_true(import_retail_next(retail, &order));
    assert_int_equal(order.kind, IMPORT_KIND_RETURN);
    assert_string_equal(order.customer, "");
    assert_string_equal(order.lines[0].description, "");
    assert_false(import_retail_next(retail, &order));
    import_retail_free(retail);
}

static void columns_are_found_by_either_name_in_any_order(void **state)
{
    char heard[2048];
    struct import_order order;
    struct import_retail *retail =
        read_text("Country,Extra, CustomerID ,UnitPrice,InvoiceDate,Quantity,Description,"
                  "StockCode,InvoiceNo,More\nUK,x,7,1,2009-12-01 07:45,2,d,A,A9,y\n",
                  IMPORT_ENCODING_UTF8, heard);

    (void)state;
    assert_non_null(retail);
    assert_string_equal(import_retail_ignored(retail), "Extra, More");
    assert_true(import_retail_next(retail, &order));
    assert_string_equal(order.number, "A9");
    assert_int_equal(order.kind, IMPORT_KIND_ADJUSTMENT);
    assert_int_equal(order.lines[0].quantity_micros, 2000000);
    import_retail_free(retail);
}

static void a_missing_column_is_named_with_those_found(void **state)
{
    char heard[2048];

    (void)state;
    assert_null(read_text("Invoice;StockCode\n1;2\n", IMPORT_ENCODING_UTF8, heard));
    assert_non_null(strstr(why, "line 1: missing columns: Invoice (or InvoiceNo), StockCode, "));
    assert_non_null(strstr(why, "found: Invoice;StockCode."));
    assert_null(read_text("Invoice,StockCode,Description,Quantity,InvoiceDate,price,Customer ID,"
                          "Country\n",
                          IMPORT_ENCODING_UTF8, heard));
    assert_non_null(strstr(why, "missing columns: Price (or UnitPrice); found: Invoice, "));
    assert_null(read_text("Invoice,Quantity,InvoiceNo\n", IMPORT_ENCODING_UTF8, heard));
    assert_string_equal(why, "line 1, column 3: InvoiceNo is there twice; only one may be");
    assert_null(read_text("", IMPORT_ENCODING_UTF8, heard));
    assert_string_equal(why, "there is no line in it");
    assert_null(read_text("Invoice,\"x\"y\n", IMPORT_ENCODING_UTF8, heard));
    assert_non_null(strstr(why, "line 1, column 2: a quote where none may stand"));
}

static void broken_lines_are_reported_and_the_good_ones_kept(void **state)
{
    char heard[2048];
    struct import_retail_gap gap;
    struct import_retail *retail = read_text(HEADER "1,A,d,1,2009-12-01 07:45:00,1,7,UK\n"
                                                    "1,A,d,one,2009-12-01 07:45:00,1,7,UK\n"
                                                    "1,A,d,1,12/1/2009 7:45,1,7,UK\n"
                                                    "2,A,d,1,2009-12-01 07:45:00,1.2345678,7,UK\n"
                                                    "1,A,7\" plate,1,2009-12-01 07:45:00,1,7,UK\n"
                                                    "1,A,\"plate,1,2009-12-01 07:45:00,1,7,UK\n"
                                                    ",A,d,1,2009-12-01 07:45:00,1,7,UK\n"
                                                    "1,A,d,1,2009-12-01 07:45:00,1,8,UK\n"
                                                    "1,A,caf\xE9 ,1,2009-12-01 07:45:00,1,7,UK\n"
                                                    "1,A,d,1,2009-12-01 07:45:00,1\n"
                                                    "1,A\x01,d,1,2009-12-01 07:45:00,1,7,UK\n"
                                                    "1,B,last,1,2009-12-01 07:45:00,1,7,UK\n",
                                             IMPORT_ENCODING_UTF8, heard);

    (void)state;
    assert_non_null(retail);
    assert_int_equal(import_retail_documents(retail), 1);
    assert_int_equal(import_retail_lines(retail), 2);
    assert_int_equal(import_retail_bad_lines(retail), 10);
    assert_non_null(strstr(heard, "line 3, column 4 (Quantity): \"one\" is no number; write "));
    assert_non_null(strstr(heard, "line 4, column 5 (InvoiceDate): \"12/1/2009 7:45\" is no date"));
    assert_non_null(strstr(heard, "line 5, column 6 (Price): \"1.2345678\" is no number; "));
    assert_non_null(strstr(heard, "line 6, column 3 (Description): a quote where none may stand"));
    assert_non_null(strstr(heard, "line 7, column 3 (Description): the closing quote is missing"));
    assert_non_null(strstr(heard, "line 8, column 1 (Invoice): is empty"));
    assert_non_null(strstr(heard, "line 9, column 7 (Customer ID): \"8\" differs from \"7\""));
    assert_non_null(strstr(heard, "line 10, column 3 (Description): these bytes are no text in "));
    assert_non_null(strstr(heard, "line 11, column 7 (Customer ID): the line has 6 columns where"));
    assert_non_null(strstr(heard, "line 12, column 2 (StockCode): a control character"));
    assert_true(import_retail_gap(retail, 0, &gap));
    assert_int_equal(gap.line, 3);
    assert_string_equal(gap.number, "1");
    assert_true(gap.is_imported);
    assert_true(import_retail_gap(retail, 2, &gap));
    assert_string_equal(gap.number, "2");
    assert_false(gap.is_imported);
    assert_true(import_retail_gap(retail, 8, &gap));
    assert_false(import_retail_gap(retail, 9, &gap)); /* nobody knows the invoice of line 8 */
    import_retail_free(retail);
}

static void over_long_text_is_reported_in_characters(void **state)
{
    char heard[2048], file[4096] = HEADER "1,A,";
    struct import_retail *retail;

    (void)state;
    for (int i = 0; i < 500; i++)
        strcat(file, "货");
    strcat(file, ",1,2009-12-01,1,7,UK\n1,");
    for (int i = 0; i < 65; i++)
        strcat(file, "x");
    strcat(file, ",d,1,2009-12-01,1,7,UK\n");
    retail = read_text(file, IMPORT_ENCODING_UTF8, heard);
    assert_string_equal(heard,
                        "line 3, column 2 (StockCode): is 65 characters long; at most 64 may be\n");
    assert_int_equal(import_retail_lines(retail), 1);
    import_retail_free(retail);
}

static void control_characters_in_a_description_become_spaces_and_are_counted(void **state)
{
    char heard[2048];
    struct import_order order;
    struct import_retail *retail =
        read_text(HEADER "1,A,\"two\r\nlines\tof text\",1,2009-12-01,1,7,UK\r\n"
                         "1,A,x,1,2009-12-01,z,7,UK\r\n",
                  IMPORT_ENCODING_UTF8, heard);

    (void)state;
    assert_true(import_retail_next(retail, &order));
    assert_string_equal(order.lines[0].description, "two lines of text");
    assert_int_equal(import_retail_cleaned(retail), 1);
    assert_non_null(strstr(heard, "line 4, column 6 (Price)"));
    import_retail_free(retail);
}

static void gb18030_becomes_utf8(void **state)
{
    char heard[2048];
    struct import_order order;
    struct import_retail *retail =
        read_text(HEADER "1,A,\xBF\xCD\xBB\xA7,1,2009-12-01,1,7,\xD4\xC6\xC4\xCF\n",
                  IMPORT_ENCODING_GB18030, heard);

    (void)state;
    assert_string_equal(heard, "");
    assert_true(import_retail_next(retail, &order));
    assert_string_equal(order.lines[0].description, "客户");
    assert_string_equal(order.region, "云南");
    import_retail_free(retail);
}

static void an_event_holds_its_document_to_the_last_field(void **state)
{
    static const struct import_line lines[] = {{"A", "货", -1500000, 6950000}, {"B", "", 1, 0}};
    struct import_order order = {IMPORT_KIND_RETURN,          "C1",  "1", "7", "", "UK", "GBP",
                                 INT64_C(-1) * SECOND_US / 2, lines, 2};
    struct import_packer *packer = import_packer_new("uci");
    struct import_event event;
    Io__Cloudevents__V1__CloudEvent *cloud;
    Kehu__Customers__V1__OrderReturned *returned;

    (void)state;
    assert_true(import_packer_order(packer, &order, &event));
    assert_int_equal(event.lines, 2);
    cloud = io__cloudevents__v1__cloud_event__unpack(NULL, event.count, event.bytes);
    assert_string_equal(cloud->id, "C1");
    assert_string_equal(cloud->source, "uci");
    assert_string_equal(cloud->spec_version, "1.0");
    assert_string_equal(cloud->type, "kehu.customers.v1.OrderReturned");
    assert_string_equal(cloud->attributes[0]->key, "time");
    assert_int_equal(cloud->attributes[0]->value->ce_timestamp->seconds, -1);
    assert_int_equal(cloud->attributes[0]->value->ce_timestamp->nanos, 500000000);
    assert_string_equal(cloud->proto_data->type_url,
                        "type.googleapis.com/kehu.customers.v1.OrderReturned");
    returned = kehu__customers__v1__order_returned__unpack(NULL, cloud->proto_data->value.len,
                                                           cloud->proto_data->value.data);
    assert_string_equal(returned->number, "C1");
    assert_string_equal(returned->order_number, "1");
    assert_string_equal(returned->content->customer->external_id, "7");
    assert_int_equal(returned->content->n_lines, 2);
    assert_int_equal(returned->content->lines[0]->quantity_micros, -1500000);
    assert_string_equal(returned->content->lines[0]->description, "货");
    kehu__customers__v1__order_returned__free_unpacked(returned, NULL);
    io__cloudevents__v1__cloud_event__free_unpacked(cloud, NULL);
    import_packer_free(packer);
}

/* --- the real file --- */

struct sums {
    unsigned documents[4], lines[4]; /* by kind */
    uint64_t customer_lines, described_lines;
    int64_t net, return_net, customer_net;
};

static void add_order(struct sums *sums, const struct import_order *order)
{
    int64_t net = 0;

    for (size_t i = 0; i < order->line_count; i++) {
        int64_t amount;

        assert_true(decimal_multiply(order->lines[i].quantity_micros,
                                     order->lines[i].unit_price_micros, &amount));
        net += amount;
        sums->described_lines += order->lines[i].description[0] != '\0';
    }
    sums->documents[order->kind]++;
    sums->lines[order->kind] += (unsigned)order->line_count;
    sums->net += net;
    if (order->kind == IMPORT_KIND_RETURN)
        sums->return_net += net;
    if (order->customer[0] != '\0') {
        sums->customer_lines += order->line_count;
        sums->customer_net += net;
    }
}

static void the_real_file_has_the_figures_counted_elsewhere(void **state)
{
    char heard[2048] = "", *bytes;
    struct import_retail_options options = {&utc, "GBP", IMPORT_ENCODING_UTF8, hear_fault, heard};
    struct import_retail *retail;
    struct import_order order;
    struct sums sums = {0};
    size_t count;

    (void)state;
    if (import_file_read("../shared/data/orders_2010.csv.gz", &bytes, &count, why, sizeof(why))) {
        printf("skipped: ../shared/data/orders_2010.csv.gz: %s\n", why);
        skip();
    }
    retail = import_retail_new(&options);
    assert_true(import_retail_read(retail, bytes, count, why, sizeof(why)));
    free(bytes);
    while (import_retail_next(retail, &order))
        add_order(&sums, &order);
    assert_string_equal(heard, "");
    assert_int_equal(count, 45964390);
    assert_int_equal(import_retail_documents(retail), 28816);
    assert_int_equal(import_retail_lines(retail), 525461);
    assert_int_equal(import_retail_cleaned(retail), 0);
    assert_int_equal(sums.documents[IMPORT_KIND_ORDER], 24221);
    assert_int_equal(sums.documents[IMPORT_KIND_RETURN], 4592);
    assert_int_equal(sums.documents[IMPORT_KIND_ADJUSTMENT], 3);
    assert_int_equal(sums.lines[IMPORT_KIND_RETURN], 10206);
    assert_int_equal(sums.customer_lines, 525461 - 107927);
    assert_int_equal(sums.described_lines, 525461 - 2928);
    assert_int_equal(sums.net, INT64_C(9539484634000));
    assert_int_equal(sums.return_net, INT64_C(-629855370000));
    assert_int_equal(sums.customer_net, INT64_C(8348208574000));
    import_retail_free(retail);
}

static void a_file_that_cannot_be_read_says_why(void **state)
{
    char *bytes, path[] = "/tmp/test_import_XXXXXX";
    size_t count;
    gzFile file;
    int fd = mkstemp(path);

    (void)state;
    assert_int_equal(import_file_read("/nowhere/x.csv", &bytes, &count, why, sizeof(why)),
                     IMPORT_FILE_ABSENT);
    assert_string_equal(why, "No such file or directory");
    assert_int_equal(import_file_read("/tmp", &bytes, &count, why, sizeof(why)),
                     IMPORT_FILE_ABSENT);
    file = gzdopen(dup(fd), "wb");
    for (int i = 0; i < 10000; i++)
        gzprintf(file, "%d,", i * 7919);
    gzclose(file);
    assert_int_equal(import_file_read(path, &bytes, &count, why, sizeof(why)), IMPORT_FILE_READ);
    free(bytes);
    assert_int_equal(ftruncate(fd, lseek(fd, 0, SEEK_END) / 2), 0);
    assert_int_equal(import_file_read(path, &bytes, &count, why, sizeof(why)), IMPORT_FILE_BROKEN);
    assert_non_null(strstr(why, "the gzip file is cut off after "));
    close(fd);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_gathered_wherever_they_stand),
        cmocka_unit_test(columns_are_found_by_either_name_in_any_order),
        cmocka_unit_test(a_missing_column_is_named_with_those_found),
        cmocka_unit_test(broken_lines_are_reported_and_the_good_ones_kept),
        cmocka_unit_test(over_long_text_is_reported_in_characters),
        cmocka_unit_test(control_characters_in_a_description_become_spaces_and_are_counted),
        cmocka_unit_test(gb18030_becomes_utf8),
        cmocka_unit_test(an_event_holds_its_document_to_the_last_field),
        cmocka_unit_test(the_real_file_has_the_figures_counted_elsewhere),
        cmocka_unit_test(a_file_that_cannot_be_read_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
