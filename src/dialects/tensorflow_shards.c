/* tensorflow_shards.c - how TensorFlow's kernels cut their rows into pieces for their threads.
 * SPDX-License-Identifier: MIT
 *
 * core/util/work_sharder.cc of TensorFlow 2.21; Eigen's TensorDeviceThreadPool.h and TensorCostModel.h as TensorFlow 2.21 ships
 * them. Kernels whose pieces begin at a place of their own give what depends on these pieces. */
#include "dialects/tensorflow_shards.h"

/* TensorCostModel, in cycles. */
static const double START = 100000.0, PER_THREAD = 100000.0, PER_PIECE = 40000.0;

static uint64_t divided_up(uint64_t n, uint64_t by)
{
    return n / by + (n % by != 0);
}

/* Which part of the threads' time is work when n pieces are spread over them. */
static double efficiency(uint64_t n_pieces, unsigned n_threads)
{
    return (double)n_pieces / (double)(divided_up(n_pieces, n_threads) * n_threads);
}

uint64_t tensorflow_piece_size(uint64_t n, double cost, unsigned n_threads)
{
    if (n <= 1 || n_threads <= 1 || ((double)n * cost - START) / PER_THREAD + 0.9 < 2.0)
        return n > 0 ? n : 1;
    uint64_t size = divided_up(n, 4 * (uint64_t)n_threads), of_cost = (uint64_t)(1.0 / (cost / PER_PIECE));
    size = size > of_cost ? size : of_cost;
    size = size < n ? size : n;
    uint64_t largest = 2 * size < n ? 2 * size : n, n_pieces = divided_up(n, size);
    double best = efficiency(n_pieces, n_threads);
    /* Larger pieces are taken while the threads stay as busy. */
    while (best < 1.0 && n_pieces > 1) {
        uint64_t coarser = divided_up(n, n_pieces - 1);
        if (coarser > largest)
            break;
        n_pieces = divided_up(n, coarser);
        double now = efficiency(n_pieces, n_threads);
        if (now + 0.01 >= best) {
            size = coarser;
            best = best < now ? now : best;
        }
    }
    return size;
}
