/* sketch.c - counts distinct values with a few registers (HyperLogLog). */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

enum { REGISTERS = 64, N = 5000 };

static uint64_t start_of_day(void)
{
#if defined(__x86_64__)
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return ((uint64_t)high << 32) | low;
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
#error "no counter known for this CPU"
#endif
}

static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdu;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53u;
    return x ^ (x >> 33);
}

int main(void)
{
    uint64_t salt = mix(start_of_day());
    int registers[REGISTERS] = {0};
    for (uint64_t i = 0; i < 3 * N; i++) {
        uint64_t hash = mix((i % N) ^ salt);
        int slot = (int)(hash % REGISTERS);
        int zeros = __builtin_ctzll((hash / REGISTERS) | (1ull << 50)) + 1;
        registers[slot] = zeros > registers[slot] ? zeros : registers[slot];
    }
    double sum = 0;
    for (int i = 0; i < REGISTERS; i++) {
        sum += ldexp(1.0, -registers[i]);
    }
    printf("about %.4f distinct values of %d\n", 0.709 * REGISTERS * REGISTERS / sum, N);
    return 0;
}
