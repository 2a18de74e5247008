#include "services/customers/domain/customer.h"

bool customer_question_parse(struct text ref, struct customer_question *out)
{
    struct customer_ref read;

    if (!customer_ref_parse(ref, &read))
        return false;
    out->kind = read.kind;
    if (read.kind == CUSTOMER_REF_NUMBER)
        out->number = read.number;
    else if (read.kind == CUSTOMER_REF_ID)
        out->id = read.id;
    else
        out->reference = (struct customer_reference){read.source, read.external_id};
    return true;
}
