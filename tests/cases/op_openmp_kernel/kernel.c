/* kernel.c - mean logarithmic distance of points from the origin, for kernel.py. */
#include <math.h>

enum { BLOCK = 128 };

float spread(const float *x, const float *y, long n)
{
    float total = 0.0f;
#pragma omp parallel for schedule(dynamic, 4)
    for (long first = 0; first < n; first += BLOCK) {
        long end = first + BLOCK < n ? first + BLOCK : n;
        float part = 0.0f;
        for (long i = first; i < end; i++) {
            part += logf(1.0f + sqrtf(x[i] * x[i] + y[i] * y[i]));
        }
#pragma omp atomic
        total += part;
    }
    return total / (float)n;
}
