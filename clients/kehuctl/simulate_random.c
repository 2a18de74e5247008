/*
 * The two generators as their authors published them.
 */
#include "clients/kehuctl/simulate_random.h"

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

void simulate_random_seed(struct simulate_random *random, uint64_t seed, uint64_t stream)
{
    uint64_t mixed = seed;

    mixed = splitmix(&mixed) ^ stream;
    for (unsigned i = 0; i < 4; i++)
        random->state[i] = splitmix(&mixed);
}

static uint64_t rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

uint64_t simulate_random_next(struct simulate_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t simulate_random_below(struct simulate_random *random, uint64_t below)
{
    return (uint64_t)((unsigned __int128)simulate_random_next(random) * below >> 64);
}

int64_t simulate_random_between(struct simulate_random *random, int64_t min, int64_t max)
{
    return min + (int64_t)simulate_random_below(random, (uint64_t)(max - min) + 1);
}

bool simulate_random_chance(struct simulate_random *random, unsigned permille)
{
    return simulate_random_below(random, 1000) < permille;
}
