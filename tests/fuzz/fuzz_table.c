/*
 * Any bytes as a table of customers, in pieces of any size. What comes of them may not depend on
 * the pieces; read whole and as a stream they say the same; each line is told of once at most; what
 * is sent is text in UTF-8 without NUL; columns and cells of the domain take whatever they hold.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "clients/kehuctl/import_csv.c"
#include "clients/kehuctl/import_encoding.c"
#include "clients/kehuctl/import_seen.c"
#include "clients/kehuctl/import_table.c"
#include "clients/kehuctl/import_value.c"
#include "services/customers/domain/import_columns.c"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* The service, as far as the header goes. */
ProtobufCMessage *ctl_ask(struct ctl *ctl, const ProtobufCMessage *question,
                          const ProtobufCMessageDescriptor *reply, int *code)
{
    static Kehu__Customers__V1__ImportDescription description;
    static Kehu__Customers__V1__ImportColumn columns[IMPORT_CSV_COLUMNS];
    static Kehu__Customers__V1__ImportColumn *list[IMPORT_CSV_COLUMNS];
    const Kehu__Customers__V1__DescribeImport *ask = (const void *)question;

    (void)ctl;
    (void)reply;
    kehu__customers__v1__import_description__init(&description);
    for (size_t i = 0; i < ask->n_columns; i++) {
        struct import_column column;
        struct text name = {ask->columns[i], strlen(ask->columns[i])};

        kehu__customers__v1__import_column__init(&columns[i]);
        list[i] = &columns[i];
        if (import_columns_find(IMPORT_KIND_CUSTOMERS, name, &column))
            columns[i].field = (char *)column.field;
    }
    description.columns = list;
    description.n_columns = ask->n_columns;
    *code = CTL_DONE;
    return &description.base;
}

void ctl_say(const char *format, ...)
{
    (void)format;
}

struct pieces {
    const char *at;
    size_t count, piece;
};

static size_t read_piece(void *owner, char *at, size_t room)
{
    struct pieces *pieces = owner;
    size_t count = pieces->piece < room ? pieces->piece : room;

    if (count > pieces->count)
        count = pieces->count;
    memcpy(at, pieces->at, count);
    pieces->at += count;
    pieces->count -= count;
    return count;
}

/* What was said, as a hash. */
struct told {
    crypto_generichash_state state;
    uint64_t last_line;
    size_t columns;
};

static void tell(struct told *told, const void *at, size_t bytes)
{
    crypto_generichash_update(&told->state, at, bytes);
}

static void tell_row(void *owner, uint64_t line, const struct text *values)
{
    struct told *told = owner;

    assert(line > told->last_line);
    told->last_line = line;
    for (size_t i = 0; i < told->columns; i++) {
        assert(is_utf8(values[i]) && memchr(values[i].at, 0, values[i].bytes) == NULL);
        tell(told, values[i].at, values[i].bytes);
    }
}

static void tell_fault(void *owner, uint64_t line, size_t column, const char *name,
                       const char *what)
{
    struct told *told = owner;

    assert(line >= told->last_line && column > 0 && name != NULL && what[0] != '\0');
    told->last_line = line;
    tell(told, &line, sizeof(line));
    tell(told, what, strlen(what));
}

static void read_table(const char *bytes, size_t count, size_t piece, unsigned char hash[32])
{
    const struct import_table_options options = {.encoding = IMPORT_ENCODING_UTF8};
    struct told told = {.last_line = 0};
    const struct import_table_taker taker = {tell_row, tell_fault, &told};
    struct import_table *table = import_table_new(&options);
    struct pieces pieces = {bytes, count, piece};
    struct import_csv_source source = {read_piece, &pieces};

    crypto_generichash_init(&told.state, NULL, 0, 32);
    if (import_table_header(table, &source) == CTL_DONE) {
        told.columns = import_table_columns(table)->count;
        pieces = (struct pieces){bytes, count, piece};
        assert(import_table_rows(table, &source, &taker));
    }
    import_table_free(table);
    crypto_generichash_final(&told.state, hash, 32);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    unsigned char whole[32], pieces[32];

    assert(sodium_init() >= 0);
    read_table((const char *)bytes, count, count + 1, whole);
    read_table((const char *)bytes, count, count % 7 + 1, pieces);
    assert(memcmp(whole, pieces, sizeof(whole)) == 0);
    return 0;
}
