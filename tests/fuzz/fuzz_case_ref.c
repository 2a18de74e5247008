/*
 * Any bytes as what people and systems write for a case or a customer: numbers, ids and references.
 * A number that is read is printed and read again as the same.
 */
#include <assert.h>
#include <string.h>

#include "common/pure/customer_ref.h"
#include "services/complaints/domain/case_number.h"
#include "services/complaints/store/cases.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check_number(struct text text)
{
    char printed[CASE_NUMBER_BYTES];
    enum case_kind kind, kind_again;
    int32_t day, day_again;
    uint32_t nth, nth_again;

    if (!case_number_parse(text, &kind, &day, &nth))
        return;
    size_t length = case_number_print(kind, day, nth, printed);

    assert(length < sizeof(printed));
    assert(case_number_parse((struct text){printed, length}, &kind_again, &day_again, &nth_again));
    assert(kind == kind_again && day == day_again && nth == nth_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const struct text text = {(const char *)bytes, count};
    struct arena *arena = arena_new(1 << 16);
    struct cases_question question;
    struct customer_ref customer;

    check_number(text);
    if (cases_ref_parse(text, arena, &question))
        assert(question.kind >= CASES_REF_NUMBER && question.kind <= CASES_REF_EXTERNAL);
    if (customer_ref_parse(text, &customer))
        assert(count > 0);
    arena_free(arena);
    return 0;
}
