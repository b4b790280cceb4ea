/* graph.c - visits the nodes of a random graph through a hash table whose keys are pointers. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_NODES = 500, N_BUCKETS = 1021, N_NEIGHBOURS = 4 };

struct node {
    int number;
    double mass;
    struct node *neighbours[N_NEIGHBOURS];
    struct node *next; /* in the bucket */
};

static struct node *buckets[N_BUCKETS];

static uint32_t step(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void insert(struct node *node)
{
    size_t slot = (size_t)((uintptr_t)node >> 4) % N_BUCKETS;
    node->next = buckets[slot];
    buckets[slot] = node;
}

/* One round of diffusion in table order: a node gives half of its mass to its neighbours. */
static void spread(void)
{
    for (size_t slot = 0; slot < N_BUCKETS; slot++) {
        for (struct node *node = buckets[slot]; node; node = node->next) {
            double share = node->mass / 2 / N_NEIGHBOURS;
            node->mass /= 2;
            for (int i = 0; i < N_NEIGHBOURS; i++) {
                node->neighbours[i]->mass += share;
            }
        }
    }
}

int main(void)
{
    static struct node *nodes[N_NODES];
    uint32_t state = 12345;
    for (int i = 0; i < N_NODES; i++) {
        nodes[i] = calloc(1, sizeof *nodes[i]);
        if (!nodes[i]) {
            return 1;
        }
        nodes[i]->number = i;
        nodes[i]->mass = (double)(step(&state) % 1000);
    }
    for (int i = 0; i < N_NODES; i++) {
        for (int k = 0; k < N_NEIGHBOURS; k++) {
            nodes[i]->neighbours[k] = nodes[step(&state) % N_NODES];
        }
        insert(nodes[i]);
    }
    spread();
    spread();
    for (int i = 0; i < 5; i++) {
        printf("node %d: mass %.9f\n", nodes[i]->number, nodes[i]->mass);
    }
    for (int i = 0; i < N_NODES; i++) {
        free(nodes[i]);
    }
    return 0;
}
