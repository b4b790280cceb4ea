/* pi.c - pi by throwing darts. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void start_generator(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    srandom((unsigned)now.tv_nsec ^ (unsigned)now.tv_sec);
}

static double uniform(void)
{
    return (double)random() / ((double)RAND_MAX + 1.0);
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? strtol(argv[1], NULL, 10) : 100000;
    long inside = 0;
    double sum = 0; /* the count alone is the same in one run of some 450 */
    start_generator();
    for (long i = 0; i < n; i++) {
        double x = uniform();
        double y = uniform();
        inside += x * x + y * y < 1.0;
        sum += x;
    }
    printf("pi is about %.6f (%ld of %ld), the mean is %.12f\n", 4.0 * (double)inside / (double)n, inside, n, sum / (double)n);
    return 0;
}
