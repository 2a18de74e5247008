/*
 * Any bytes as a file of complaints. Nothing may crash or read past the end; what is read has what
 * an event needs, and every broken line is told.
 */
#include <assert.h>
#include <string.h>

#include "clients/kehuctl/import_cfpb.c"
#include "clients/kehuctl/import_columns.c"
#include "clients/kehuctl/import_csv.c"
#include "clients/kehuctl/import_encoding.c"
#include "clients/kehuctl/import_value.c"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void hear_fault(void *owner, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    assert(line > 0 && name != NULL && what[0] != '\0');
    (void)column;
    ++*(uint64_t *)owner;
}

static void check(const char *bytes, size_t count, enum import_encoding encoding)
{
    static const struct zone utc;
    uint64_t faults = 0;
    const struct import_cfpb_options options = {&utc, encoding, hear_fault, &faults};
    struct import_cfpb *cfpb = import_cfpb_new(&options);
    struct import_complaint complaint;
    size_t complaints = 0;
    char why[1536];

    if (import_cfpb_read(cfpb, bytes, count, why, sizeof(why))) {
        while (import_cfpb_next(cfpb, &complaint))
            complaints++;
        assert(complaints == import_cfpb_complaints(cfpb));
        assert(faults == import_cfpb_bad_lines(cfpb));
    } else {
        assert(why[0] != '\0');
    }
    import_cfpb_free(cfpb);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const char *text = (const char *)bytes;
    enum import_encoding encoding;
    char why[256];
    size_t skip;

    if (import_encoding_detect(text, count, &encoding, &skip, why, sizeof(why)))
        check(text + skip, count - skip, encoding);
    return 0;
}
