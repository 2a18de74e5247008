#include "services/customers/domain/dealer_file.h"

const char *const dealer_text_names[DEALER_TEXTS] = {"shareholders", "organisation",
                                                     "local_strength", "standing", "local_economy"};
const char *const dealer_number_names[DEALER_NUMBERS] = {"staff_count", "annual_sales",
                                                         "annual_contracts"};
const char *const dealer_give_up_states[] = {"proposed", "approved", "rejected", "withdrawn", NULL};

struct dealer_profile dealer_apply(const struct dealer_profile *before,
                                   const struct dealer_change *change)
{
    struct dealer_profile after = *before;

    for (int i = 0; i < DEALER_TEXTS; i++) {
        if (change->clears_text[i])
            after.texts[i] = TEXT_OF("");
        else if (change->told.texts[i].bytes > 0)
            after.texts[i] = change->told.texts[i];
    }
    for (int i = 0; i < DEALER_NUMBERS; i++) {
        if (change->clears_number[i])
            after.numbers[i] = DEALER_NO_NUMBER;
        else if (change->told.numbers[i] != DEALER_NO_NUMBER)
            after.numbers[i] = change->told.numbers[i];
    }
    return after;
}
