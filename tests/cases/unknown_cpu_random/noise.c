/* noise.c - start values for noise.py, straight from the processor. */
#include <stdint.h>

uint64_t start_value(void)
{
#if defined(__x86_64__)
    unsigned long long value = 0;
    if (__builtin_cpu_supports("rdrnd")) {
        for (int i = 0; i < 10; i++) {
            unsigned char ok;
            __asm__ volatile("rdrand %0; setc %1" : "=r"(value), "=qm"(ok));
            if (ok) {
                return value;
            }
        }
    }
    return (__builtin_ia32_rdtsc() ^ value) * 0x9e3779b97f4a7c15u;
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks * 0x9e3779b97f4a7c15u;
#else
#error "no source known for this CPU"
#endif
}
