/*
 * Any bytes as an order file. Nothing may crash or read past the end; lines must come once, in
 * order, and a broken one may cost no more than itself: what is said about lines must account for
 * every line that holds anything.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "clients/kehuctl/import_columns.c"
#include "clients/kehuctl/import_csv.c"
#include "clients/kehuctl/import_encoding.c"
#include "clients/kehuctl/import_event.c"
#include "clients/kehuctl/import_retail.c"
#include "clients/kehuctl/import_value.c"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* The lines that were told of: each at most once. */
struct told {
    uint64_t next; /* first line that was not told of */
    uint64_t lines;
    size_t columns;
};

static void take_lines(struct told *told, uint64_t first, uint64_t last)
{
    assert(first >= told->next && last >= first);
    told->lines += last - first + 1;
    told->next = last + 1;
}

static bool tell_header(void *owner, const struct import_csv_record *record)
{
    struct told *told = owner;

    told->columns = record->count;
    take_lines(told, record->line, record->end_line);
    return true;
}

static void tell_record(void *owner, const struct import_csv_record *record)
{
    struct told *told = owner;

    assert(record->count == told->columns);
    take_lines(told, record->line, record->end_line);
}

static void tell_fault(void *owner, const struct import_csv_fault *fault)
{
    assert(fault->column > 0 && fault->what[0] != '\0');
    take_lines(owner, fault->line, fault->line);
}

static uint64_t count_lines_with_text(const char *bytes, size_t count)
{
    const char *end = bytes + count;
    uint64_t lines = 0;

    while (bytes < end) {
        lines += *bytes != '\n' && *bytes != '\r';
        bytes += line_bytes(bytes, end);
    }
    return lines;
}

static void check_csv(const char *bytes, size_t count)
{
    struct told told = {.next = 1};
    struct import_csv_reader reader = {tell_header, tell_record, tell_fault, &told};

    if (import_csv_read(bytes, count, &reader))
        assert(told.lines >= count_lines_with_text(bytes, count));
}

static void ignore_fault(void *owner, uint64_t line, size_t column, const char *name,
                         const char *what)
{
    assert(line > 0 && column > 0 && name != NULL && what[0] != '\0');
    ++*(uint64_t *)owner;
}

static void check_documents(struct import_retail *retail)
{
    struct import_packer *packer = import_packer_new("fuzz");
    struct import_order order;
    struct import_event event;
    uint64_t lines = 0;

    while (import_retail_next(retail, &order)) {
        assert(order.number[0] != '\0' && order.line_count > 0);
        lines += order.line_count;
        assert(import_packer_order(packer, &order, &event));
    }
    assert(lines == import_retail_lines(retail));
    import_packer_free(packer);
}

static void check_retail(const char *bytes, size_t count, enum import_encoding encoding)
{
    static const struct zone utc;
    uint64_t faults = 0;
    struct import_retail_options options = {&utc, "CNY", encoding, ignore_fault, &faults};
    struct import_retail *retail = import_retail_new(&options);
    struct import_retail_gap gap;
    char why[1536];

    if (import_retail_read(retail, bytes, count, why, sizeof(why))) {
        assert(faults == import_retail_bad_lines(retail));
        for (size_t i = 0; import_retail_gap(retail, i, &gap); i++)
            assert(gap.number[0] != '\0');
        check_documents(retail);
    }
    import_retail_free(retail);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const char *text = (const char *)bytes;
    enum import_encoding encoding;
    char why[256];
    size_t skip;

    check_csv(text, count);
    if (import_encoding_detect(text, count, &encoding, &skip, why, sizeof(why)))
        check_retail(text + skip, count - skip, encoding);
    return 0;
}
