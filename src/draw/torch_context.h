/* torch_context.h - the block of a `with`: what holds in it, and what holds again after it.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_TORCH_CONTEXT_H
#define ONESEED_DRAW_TORCH_CONTEXT_H

#include "draw/vm.h" /* value */
#include "oneseed.h" /* oneseed_torch */

struct torch_block {
    value context;
    struct jax_options jax; /* before a context of JAX, whose kinds begin here */
    oneseed_torch state;    /* of the default generator, before fork_rng() */
    bool was_seeded;
    /* The default generators on CUDA. */
    bool has_cuda_seed, had_cuda[MAX_GPUS];
    uint64_t cuda_seed;
    oneseed_torch_cuda cuda[MAX_GPUS];
};
enum { CONTEXT_OF_JAX = 64 };
/* Refuses what is no context manager. */
struct torch_block torch_enter(vm *m, value context);
void torch_leave(vm *m, const struct torch_block *block);

#endif
