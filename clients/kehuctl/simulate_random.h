/*
 * Random numbers that are the same for the same seed on every machine: integers only, xoshiro256**
 * (Blackman and Vigna, public domain) seeded by splitmix64.
 */
#ifndef KEHU_SIMULATE_RANDOM_H
#define KEHU_SIMULATE_RANDOM_H

#include "common/base.h"

struct simulate_random {
    uint64_t state[4];
};

/* The stream number `stream` of the seed: one per order, so that each can be told again by itself.
 */
void simulate_random_seed(struct simulate_random *random, uint64_t seed, uint64_t stream);

uint64_t simulate_random_next(struct simulate_random *random);

/* Evenly from 0 to below - 1; below is at least 1. */
uint64_t simulate_random_below(struct simulate_random *random, uint64_t below);

/* Evenly from min to max, both included. */
int64_t simulate_random_between(struct simulate_random *random, int64_t min, int64_t max);

/* True in `permille` of 1,000 cases. */
bool simulate_random_chance(struct simulate_random *random, unsigned permille);

#endif
