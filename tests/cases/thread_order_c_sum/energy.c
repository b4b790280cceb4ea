/* energy.c - energy of particles by distance, summed up by threads. */
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

enum { N = 2000000, N_THREADS = 4, BLOCK = 200, N_SHELLS = 8 };

static float position[N];
static float energy[N_SHELLS];
static int next_block;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int take_block(void)
{
    pthread_mutex_lock(&lock);
    int block = next_block++;
    pthread_mutex_unlock(&lock);
    return block;
}

static void *work(void *unused)
{
    for (;;) {
        int first = take_block() * BLOCK;
        if (first >= N) {
            return unused;
        }
        float part[N_SHELLS] = {0};
        for (int i = first; i < first + BLOCK; i++) {
            int shell = (int)(fabsf(position[i]) / 10.0f * N_SHELLS) % N_SHELLS;
            part[shell] += sinf(position[i]) * cosf(position[i] * 3.0f) + position[i] * position[i] * 1e-3f;
        }
        pthread_mutex_lock(&lock);
        for (int shell = 0; shell < N_SHELLS; shell++) {
            energy[shell] += part[shell];
        }
        pthread_mutex_unlock(&lock);
    }
}

int main(void)
{
    uint32_t state = 1;
    for (int i = 0; i < N; i++) {
        state = state * 1664525u + 1013904223u;
        position[i] = (float)(state >> 8) / 16777216.0f * 20.0f - 10.0f;
    }
    pthread_t threads[N_THREADS];
    for (int i = 0; i < N_THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, NULL)) {
            return 1;
        }
    }
    for (int i = 0; i < N_THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int shell = 0; shell < N_SHELLS; shell++) {
        printf("shell %d: energy %.9g\n", shell, (double)energy[shell]);
    }
    return 0;
}
