/*
 * What the simulated company deals in and with whom: regions, customers' names, products with
 * prices, seasons. Tables and the choice from them.
 */
#ifndef KEHU_SIMULATE_MARKET_H
#define KEHU_SIMULATE_MARKET_H

#include "clients/kehuctl/simulate_random.h"

#define SIMULATE_NAME_BYTES 128

struct simulate_product {
    const char *code;
    const char *name;
    int32_t price_fen; /* list price in hundredths */
    int32_t usual;     /* units in an ordinary line */
    bool is_weighed;   /* sold by weight: quantities have decimals */
};

struct simulate_region {
    const char *name;  /* as an order carries it */
    const char *place; /* with which local companies begin their name */
    unsigned weight;
    bool is_english; /* its customers have English names */
};

/* The 31 regions of provincial level of the mainland by the size of their economy, and a few places
 * abroad. */
const struct simulate_region *simulate_market_region(struct simulate_random *random);

/* The name of a company or, in two of ten cases, of a person there. */
void simulate_market_name(struct simulate_random *random, const struct simulate_region *region,
                          char name[SIMULATE_NAME_BYTES]);

/* Some products sell much better than others. */
const struct simulate_product *simulate_market_product(struct simulate_random *random);

/* How well business goes on a day, 0..100: quiet at weekends and in February, lively in June,
 * September and November. */
unsigned simulate_market_season(int32_t day);

#endif
