/* shuffle.c - cuts a deck of examples into folds for cross-validation. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { N = 60, N_FOLDS = 5 };

struct xorshift {
    uint32_t state;
};

static uint32_t next(struct xorshift *g)
{
    g->state ^= g->state << 13;
    g->state ^= g->state >> 17;
    g->state ^= g->state << 5;
    return g->state;
}

static void shuffle(int *items, int n, struct xorshift *g)
{
    for (int i = n - 1; i > 0; i--) {
        int j = (int)(next(g) % (uint32_t)(i + 1));
        int other = items[i];
        items[i] = items[j];
        items[j] = other;
    }
}

int main(void)
{
    struct xorshift g;
    int items[N];
    g.state = 2463534242u ^ (uint32_t)getpid();
    for (int i = 0; i < N; i++) {
        items[i] = i;
    }
    shuffle(items, N, &g);
    for (int fold = 0; fold < N_FOLDS; fold++) {
        printf("fold %d:", fold);
        for (int i = fold; i < N; i += N_FOLDS) {
            printf(" %d", items[i]);
        }
        printf("\n");
    }
    return 0;
}
