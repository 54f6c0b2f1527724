/* rng.h - numbers by chance that are the same for the same seed everywhere. */
#ifndef LBSTATE_TEST_TORTURE_RNG_H
#define LBSTATE_TEST_TORTURE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state; /* Never 0. */
};

/* Different streams of one seed are independent for our purposes. */
static inline void rng_init(struct rng *rng, uint64_t seed, uint64_t stream)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15U * (stream + 1);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    z ^= z >> 31;
    rng->state = z == 0 ? 1 : z;
}

/* 0 to N - 1; N is above 0 (xorshift64*). */
static inline unsigned rng_below(struct rng *rng, unsigned n)
{
    rng->state ^= rng->state >> 12;
    rng->state ^= rng->state << 25;
    rng->state ^= rng->state >> 27;
    return (unsigned)((rng->state * 0x2545f4914f6cdd1dU) >> 33) % n;
}

#endif
