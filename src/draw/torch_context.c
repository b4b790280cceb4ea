/* torch_context.c - `with torch.no_grad():`, `with torch.random.fork_rng():`, `with jax.enable_x64():`: what holds for a block.
 * SPDX-License-Identifier: MIT */
#include "draw/bind_jax.h" /* jax_enter */
#include "draw/bind_torch.h"
#include "draw/tensor_methods.h"
#include "draw/torch_context.h"

/* What a V_CONTEXT is, in `dt`. */
enum { WITHOUT_GRAD, WITH_GRAD, FORKED };

static value context(unsigned what, bool before)
{
    return (value){.kind = V_CONTEXT, .dt = (uint8_t)what, .u.i = before};
}

static value torch_no_grad(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "no_grad", arguments);
    return context(WITHOUT_GRAD, m->torch.no_grad);
}

static value torch_enable_grad(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "enable_grad", arguments);
    return context(WITH_GRAD, m->torch.no_grad);
}

/* It holds from the call on; after a block that it begins what was before the call holds again. */
static value torch_set_grad_enabled(vm *m, value self, const struct arguments *arguments)
{
    value mode;
    (void)self;
    take_arguments(m, "set_grad_enabled", "mode", arguments, &mode);
    bool before = m->torch.no_grad;
    m->torch.no_grad = !truth(m, mode);
    return context(m->torch.no_grad ? WITHOUT_GRAD : WITH_GRAD, before);
}

static value torch_is_grad_enabled(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "is_grad_enabled", arguments);
    return BOOL(!m->torch.no_grad);
}

value torch_fork_rng(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "fork_rng", "devices= enabled=", arguments, a);
    if (a[1].kind != V_NOTHING && !truth(m, a[1]))
        fail(m, "fork_rng() with enabled=False is not supported");
    if (a[0].kind != V_NOTHING && !(is_sequence(a[0]) && a[0].u.seq->n == 0))
        fail(m, "fork_rng() of GPUs is not supported (devices=[] is)");
    return context(FORKED, false);
}

struct torch_block torch_enter(vm *m, value v)
{
    if (v.kind != V_CONTEXT)
        fail(m,
             "TypeError: '%s' object does not support the context manager protocol here (torch.no_grad(), "
             "torch.enable_grad(), torch.set_grad_enabled() and torch.random.fork_rng() do)",
             type_name(v));
    struct torch_block block = {.context = v, .jax = m->jax};
    if (v.dt >= CONTEXT_OF_JAX) {
        jax_enter(m, v);
        return block;
    }
    if (v.dt == FORKED) {
        const struct torch_generator *g = torch_generator_of(torch_default_generator(m));
        block.state = g->state;
        block.was_seeded = g->seeded;
        block.has_cuda_seed = m->globals.has_cuda_seed;
        block.cuda_seed = m->globals.cuda_seed;
        for (int i = 0; i < MAX_GPUS; i++)
            if (m->globals.torch_cuda[i].kind != V_NOTHING) {
                block.cuda[i] = torch_generator_of(m->globals.torch_cuda[i])->cuda;
                block.had_cuda[i] = torch_generator_of(m->globals.torch_cuda[i])->seeded;
            }
    } else {
        m->torch.no_grad = v.dt == WITHOUT_GRAD;
    }
    return block;
}

void torch_leave(vm *m, const struct torch_block *block)
{
    if (block->context.dt >= CONTEXT_OF_JAX) {
        m->jax = block->jax;
        return;
    }
    if (block->context.dt != FORKED) {
        m->torch.no_grad = block->context.u.i != 0;
        return;
    }
    struct torch_generator *g = torch_generator_of(torch_default_generator(m));
    account_torch(m, g);
    g->state = g->counted = block->state;
    g->seeded = block->was_seeded;
    m->globals.has_cuda_seed = block->has_cuda_seed;
    m->globals.cuda_seed = block->cuda_seed;
    for (int i = 0; i < MAX_GPUS; i++) {
        if (m->globals.torch_cuda[i].kind == V_NOTHING)
            continue;
        struct torch_generator *gpu = torch_generator_of(m->globals.torch_cuda[i]);
        if (block->had_cuda[i])
            gpu->cuda = block->cuda[i];
        else /* first used inside: as it would have begun */
            seed_cuda_generator(m, gpu, block->cuda_seed);
        gpu->seeded = block->had_cuda[i] || block->has_cuda_seed;
    }
}

const struct native torch_context_functions[] = {
    FUNCTION(no_grad),         {"inference_mode", torch_no_grad, NATIVE_FUNCTION, 0},
    FUNCTION(enable_grad),     FUNCTION(set_grad_enabled),
    FUNCTION(is_grad_enabled), {NULL, NULL, NATIVE_FUNCTION, 0}};
