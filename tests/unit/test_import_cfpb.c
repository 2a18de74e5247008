/* Complaints of the CFPB's files: columns by name, broken lines told, one event a line. */
#include "clients/kehuctl/import_cfpb.c"
#include "clients/kehuctl/import_columns.c"
#include "clients/kehuctl/import_csv.c"
#include "clients/kehuctl/import_encoding.c"
#include "clients/kehuctl/import_event.c"
#include "clients/kehuctl/import_value.c"

#include "common/zones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "Complaint ID,Submitted via,Date submitted,Date received,State,Product,Issue,Sub-issue,"       \
    "Company response to consumer,Timely response?\n"

static struct zone zone;

struct told {
    size_t count;
    uint64_t line;
    size_t column;
    char name[64], what[300];
};

static void tell(void *owner, uint64_t line, size_t column, const char *name, const char *what)
{
    struct told *told = owner;

    told->count++;
    told->line = line;
    told->column = column;
    snprintf(told->name, sizeof(told->name), "%s", name);
    snprintf(told->what, sizeof(told->what), "%s", what);
}

static struct import_cfpb *read_text(const char *text, struct told *told)
{
    const struct import_cfpb_options options = {&zone, IMPORT_ENCODING_UTF8, tell, told};
    struct import_cfpb *cfpb = import_cfpb_new(&options);
    char why[500];

    *told = (struct told){0};
    if (!import_cfpb_read(cfpb, text, strlen(text), why, sizeof(why)))
        fail_msg("%s", why);
    return cfpb;
}

static int load_zone(void **state)
{
    char why[200];

    (void)state;
    return zones_load("Asia/Shanghai", &zone, why, sizeof(why)) != OK;
}

static void a_line_is_a_complaint_with_how_it_ended(void **state)
{
    struct told told;
    struct import_cfpb *cfpb =
        read_text(HEAD "7,Web,2021-10-24,2021-10-27,NY,\"Loans, other\",Fees,Late fee,"
                       "Closed with explanation,Yes\n",
                  &told);
    struct import_complaint complaint;

    (void)state;
    assert_int_equal(told.count + import_cfpb_bad_lines(cfpb), 0);
    assert_true(import_cfpb_next(cfpb, &complaint));
    assert_string_equal(complaint.id, "7");
    assert_string_equal(complaint.external_ref, "cfpb:7");
    assert_string_equal(complaint.content, "Fees › Late fee");
    assert_string_equal(complaint.issue, "Fees");
    assert_string_equal(complaint.product, "Loans, other");
    assert_string_equal(complaint.region, "NY");
    assert_int_equal(complaint.channel, IMPORT_CHANNEL_ONLINE);
    assert_int_equal(zone_day(&zone, complaint.submitted_at_us), 18924); /* 2021-10-24 */
    assert_true(complaint.is_closed && complaint.is_timely && !complaint.is_disputed);
    assert_false(import_cfpb_next(cfpb, &complaint));
    assert_string_equal(import_cfpb_ignored(cfpb), "Date received");
    import_cfpb_free(cfpb);
}

static void without_a_sub_issue_the_content_is_the_issue(void **state)
{
    struct told told;
    struct import_cfpb *cfpb =
        read_text(HEAD "7,Fax,2021-10-24,,,Loan,Fees,,In progress,No\n", &told);
    struct import_complaint complaint;

    (void)state;
    assert_true(import_cfpb_next(cfpb, &complaint));
    assert_string_equal(complaint.content, "Fees");
    assert_string_equal(complaint.region, "");
    assert_int_equal(complaint.channel, IMPORT_CHANNEL_OTHER);
    assert_false(complaint.is_closed || complaint.is_timely);
    import_cfpb_free(cfpb);
}

static void channels_follow_from_how_it_was_submitted(void **state)
{
    static const struct {
        const char *via;
        enum import_channel channel;
    } ways[] = {{"Web", IMPORT_CHANNEL_ONLINE},
                {"Phone", IMPORT_CHANNEL_PHONE},
                {"Email", IMPORT_CHANNEL_EMAIL},
                {"Referral", IMPORT_CHANNEL_REGULATOR},
                {"Web Referral", IMPORT_CHANNEL_REGULATOR},
                {"Postal mail", IMPORT_CHANNEL_OTHER},
                {"", IMPORT_CHANNEL_OTHER}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        char text[500];
        struct told told;
        struct import_complaint complaint;

        snprintf(text, sizeof(text), HEAD "7,%s,2021-10-24,,NY,Loan,Fees,,Closed,Yes\n",
                 ways[i].via);
        struct import_cfpb *cfpb = read_text(text, &told);

        assert_true(import_cfpb_next(cfpb, &complaint));
        assert_int_equal(complaint.channel, ways[i].channel);
        import_cfpb_free(cfpb);
    }
}

static void a_broken_line_is_told_by_line_and_column(void **state)
{
    static const struct {
        const char *line, *name, *part;
    } bad[] = {
        {",Web,2021-10-24,,NY,Loan,Fees,,Closed,Yes", "Complaint ID", "empty"},
        {"7,Web,24/10/2021,,NY,Loan,Fees,,Closed,Yes", "Date submitted", "YYYY-MM-DD"},
        {"7,Web,2021-13-24,,NY,Loan,Fees,,Closed,Yes", "Date submitted", "no day"},
        {"7,Web,2021-10-24,,NY,,Fees,,Closed,Yes", "Product", "empty"},
        {"7,Web,2021-10-24,,NY,Loan,,,Closed,Yes", "Issue", "empty"},
        {"7\x01,Web,2021-10-24,,NY,Loan,Fees,,Closed,Yes", "Complaint ID", "control"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char text[600];
        struct told told;

        snprintf(text, sizeof(text), HEAD "%s\n8,Web,2021-10-24,,NY,Loan,Fees,,Closed,Yes\n",
                 bad[i].line);
        struct import_cfpb *cfpb = read_text(text, &told);

        assert_int_equal(told.count, 1);
        assert_int_equal(told.line, 2);
        assert_string_equal(told.name, bad[i].name);
        if (!strstr(told.what, bad[i].part))
            fail_msg("\"%s\" is not in: %s", bad[i].part, told.what);
        assert_int_equal(import_cfpb_complaints(cfpb), 1);
        assert_int_equal(import_cfpb_bad_lines(cfpb), 1);
        import_cfpb_free(cfpb);
    }
}

static void needed_columns_are_named_when_they_are_missing(void **state)
{
    struct told told = {0};
    const struct import_cfpb_options options = {&zone, IMPORT_ENCODING_UTF8, tell, &told};
    struct import_cfpb *cfpb = import_cfpb_new(&options);
    char why[500];

    (void)state;
    assert_false(import_cfpb_read(cfpb, "Complaint ID,State\n7,NY\n", 24, why, sizeof(why)));
    assert_non_null(strstr(why, "missing columns: Date submitted, Product, Issue;"));
    assert_non_null(strstr(why, "found: Complaint ID, State"));
    import_cfpb_free(cfpb);
}

static void the_event_is_the_same_for_the_same_complaint(void **state)
{
    const struct import_complaint complaint = {.id = "7",
                                               .external_ref = "cfpb:7",
                                               .content = "Fees",
                                               .issue = "Fees",
                                               .product = "Loan",
                                               .region = "NY",
                                               .channel = IMPORT_CHANNEL_PHONE,
                                               .submitted_at_us = INT64_C(1635004800000000),
                                               .response = "Closed",
                                               .is_closed = true};
    struct import_packer *packer = import_packer_new("bank");
    struct import_event event;
    uint8_t first[2000];

    (void)state;
    assert_true(import_packer_complaint(packer, &complaint, &event));
    assert_true(event.count <= sizeof(first));
    memcpy(first, event.bytes, event.count);
    size_t bytes = event.count;

    assert_true(import_packer_complaint(packer, &complaint, &event));
    assert_int_equal(event.count, bytes);
    assert_memory_equal(event.bytes, first, bytes);
    Io__Cloudevents__V1__CloudEvent *cloud =
        io__cloudevents__v1__cloud_event__unpack(NULL, event.count, event.bytes);

    assert_string_equal(cloud->id, "7");
    assert_string_equal(cloud->source, "bank");
    assert_string_equal(cloud->type, "kehu.complaints.v1.ComplaintSubmitted");
    Kehu__Complaints__V1__ComplaintSubmitted *fact =
        kehu__complaints__v1__complaint_submitted__unpack(NULL, cloud->proto_data->value.len,
                                                          cloud->proto_data->value.data);

    assert_true(fact->complaint->complainant->anonymous);
    assert_true(fact->recorded->closed);
    assert_string_equal(fact->complaint->external_ref, "cfpb:7");
    assert_int_equal(fact->complaint->channel, KEHU__COMPLAINTS__V1__CHANNEL__CHANNEL_PHONE);
    kehu__complaints__v1__complaint_submitted__free_unpacked(fact, NULL);
    io__cloudevents__v1__cloud_event__free_unpacked(cloud, NULL);
    import_packer_free(packer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_complaint_with_how_it_ended),
        cmocka_unit_test(without_a_sub_issue_the_content_is_the_issue),
        cmocka_unit_test(channels_follow_from_how_it_was_submitted),
        cmocka_unit_test(a_broken_line_is_told_by_line_and_column),
        cmocka_unit_test(needed_columns_are_named_when_they_are_missing),
        cmocka_unit_test(the_event_is_the_same_for_the_same_complaint),
    };

    return cmocka_run_group_tests(tests, load_zone, NULL);
}
