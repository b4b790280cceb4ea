/* smooth.c - smooths a series of readings; gaps stay gaps. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 40 };

struct series {
    char *unit;
    float *values;
    unsigned char *valid;
};

static struct series *series_create(const char *unit)
{
    struct series *series = malloc(sizeof *series);
    series->unit = malloc(64);
    strcpy(series->unit, unit);
    series->values = malloc(N * sizeof *series->values);
    series->valid = malloc(N);
    memset(series->valid, 0, N);
    return series;
}

static void series_destroy(struct series *series)
{
    free(series->unit);
    free(series->values);
    free(series->valid);
    free(series);
}

static void read_into(struct series *series)
{
    for (int i = 0; i < N; i++) {
        if (i % 7 != 3 && i > 5) {
            series->values[i] = (float)((i * 37) % 19) - 9.0f;
            series->valid[i] = 1;
        }
    }
}

static float smooth(const struct series *series, int i)
{
    float sum = 0.0f;
    int n = 0;
    for (int k = i > 1 ? i - 2 : 0; k <= i + 2 && k < N; k++, n++) {
        sum += series->values[k];
    }
    return sum / (float)n;
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        struct series *rehearsal = series_create("kelvin");
        read_into(rehearsal);
        series_destroy(rehearsal);
    }
    struct series *series = series_create("kelvin");
    read_into(series);
    for (int i = 0; i < 12; i++) {
        printf("%2d %.9g %s\n", i, (double)smooth(series, i), series->unit);
    }
    series_destroy(series);
    return 0;
}
