/* bind_torch_cuda.c - the generators of torch.cuda and what they draw.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_torch.h"
#include "draw/syntax.h" /* tree_memory */

static const char default_label[] = "torch.cuda's default generator";

static oneseed_torch_cuda new_state(vm *m, uint64_t seed)
{
    oneseed_torch_cuda state = {
        .version = m->settings.torch_version, .n_sms = m->settings.gpu_sms, .threads_per_sm = m->settings.gpu_threads};
    oneseed_torch_cuda_manual_seed(&state, seed);
    return state;
}

void seed_cuda_generator(vm *m, struct torch_generator *g, uint64_t seed)
{
    g->cuda = new_state(m, seed);
    g->seeded = true;
}

value new_cuda_generator(vm *m, int64_t index, uint64_t seed, const char *label)
{
    struct torch_generator *g = new_holder(m, V_TORCH, sizeof *g, 0);
    g->device = DEVICE_CUDA;
    g->device_index = (int16_t)(index < 0 ? 0 : index);
    seed_cuda_generator(m, g, seed);
    value v = object_value(V_TORCH, g);
    keep(m, v, label);
    return v;
}

value torch_cuda_generator(vm *m, int64_t index)
{
    if (index < 0 || index >= MAX_GPUS)
        fail(m, "of GPUs, cuda:0 to cuda:%d are supported", MAX_GPUS - 1);
    value *v = &m->globals.torch_cuda[index];
    if (v->kind == V_NOTHING) {
        *v = new_cuda_generator(m, index, m->globals.cuda_seed, default_label);
        torch_generator_of(*v)->seeded = m->globals.has_cuda_seed;
    }
    return *v;
}

void torch_cuda_seed_all(vm *m, uint64_t seed)
{
    m->globals.has_cuda_seed = true;
    m->globals.cuda_seed = seed;
    for (int i = 0; i < MAX_GPUS; i++)
        if (m->globals.torch_cuda[i].kind != V_NOTHING)
            seed_cuda_generator(m, torch_generator_of(m->globals.torch_cuda[i]), seed);
}

/* --- Draws ----------------------------------------------------------------------------------------------------------- */

void torch_refuse_shape(vm *m, oneseed_status status)
{
    if (status == ONESEED_TORCH_CUDA_SHAPE)
        fail(m, "more than 2048 values on CUDA depend on the GPU: name it with --with gpu=h100-sxm (or "
                "gpu=sms:132/threads:2048)");
}

oneseed_status torch_cuda_fill(vm *m, const struct torch_draw *draw, bool contiguous, void *out, size_t n)
{
    oneseed_torch_cuda *s = &draw->generator->cuda;
    oneseed_torch_dtype dt = torch_library_dtype(m, draw->dt);
    oneseed_status status = ONESEED_TORCH_DTYPE;
    if (!contiguous)
        fail(m, "a draw into a tensor on CUDA that is not contiguous is not supported");
    switch (draw->method) {
    case TORCH_RAND:
        status = oneseed_torch_cuda_rand_fill(s, dt, out, n);
        break;
    case TORCH_UNIFORM:
        status = oneseed_torch_cuda_uniform_fill(s, dt, draw->a, draw->b, out, n);
        break;
    case TORCH_RANDN:
        status = oneseed_torch_cuda_randn_fill(s, dt, out, n);
        break;
    case TORCH_NORMAL:
        status = oneseed_torch_cuda_normal_fill(s, dt, draw->a, draw->b, out, n);
        break;
    case TORCH_RANDINT:
        status = oneseed_torch_cuda_randint_fill(s, dt, draw->low, draw->high, out, n);
        break;
    case TORCH_RANDOM:
        status = oneseed_torch_cuda_random_fill(s, dt, out, n);
        break;
    case TORCH_RANDOM_FROM:
        status = oneseed_torch_cuda_random_from_fill(s, dt, draw->low, out, n);
        break;
    case TORCH_BERNOULLI:
        status = oneseed_torch_cuda_bernoulli_fill(s, dt, draw->a, out, n);
        break;
    case TORCH_EXPONENTIAL:
        status = oneseed_torch_cuda_exponential_fill(s, dt, draw->a, out, n);
        break;
    case TORCH_GEOMETRIC:
        status = oneseed_torch_cuda_geometric_fill(s, dt, draw->a, out, n);
        break;
    case TORCH_CAUCHY:
        status = oneseed_torch_cuda_cauchy_fill(s, dt, draw->a, draw->b, out, n);
        break;
    case TORCH_LOG_NORMAL:
        status = oneseed_torch_cuda_log_normal_fill(s, dt, draw->a, draw->b, out, n);
        break;
    }
    torch_refuse_shape(m, status);
    return status;
}

oneseed_status torch_cuda_randperm(vm *m, struct torch_generator *g, dtype dt, void *out, size_t n)
{
    uint64_t *memory = tree_memory(m, (3 * n + 1) * sizeof *memory);
    oneseed_status status = oneseed_torch_cuda_randperm_fill(&g->cuda, torch_library_dtype(m, dt), out, n, memory);
    torch_refuse_shape(m, status);
    return status;
}

/* --- States ---------------------------------------------------------------------------------------------------------- */

value torch_cuda_state_tensor(vm *m, const struct torch_generator *g)
{
    int64_t n = ONESEED_TORCH_CUDA_STATE_BYTES;
    struct array *a = array_new(m, DT_UINT8, 1, &n, 0);
    oneseed_torch_cuda_get_state(&g->cuda, (uint8_t *)a->buffer->bytes);
    return make_tensor(m, a);
}

void torch_cuda_load_state(vm *m, struct torch_generator *g, const void *bytes, size_t n)
{
    oneseed_torch_cuda state = g->cuda;
    oneseed_status status = oneseed_torch_cuda_set_state(&state, bytes, n);
    if (status != ONESEED_OK)
        fail(m, "RuntimeError: %s", oneseed_status_text(status));
    g->cuda = state;
    g->seeded = true;
}

/* --- torch.cuda ------------------------------------------------------------------------------------------------------ */

static int64_t index_of(vm *m, value device)
{
    if (is_none(device))
        return 0;
    value found = torch_device_from(m, device);
    if (found.dt != DEVICE_CUDA)
        value_error(m, "Expected a cuda device, but got: cpu");
    return found.u.i < 0 ? 0 : found.u.i;
}

static value cuda_manual_seed(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    (void)self;
    take_arguments(m, "manual_seed", "seed", arguments, &seed);
    seed_cuda_generator(m, torch_generator_of(torch_cuda_generator(m, 0)), torch_seed_bits(m, seed));
    return NONE;
}

static value cuda_manual_seed_all(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    (void)self;
    take_arguments(m, "manual_seed_all", "seed", arguments, &seed);
    torch_cuda_seed_all(m, torch_seed_bits(m, seed));
    return NONE;
}

static value cuda_initial_seed(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "initial_seed", arguments);
    return big_from_u64(m, torch_drawing(m, NONE, DEVICE_CUDA)->cuda.seed);
}

static value cuda_get_rng_state(vm *m, value self, const struct arguments *arguments)
{
    value device;
    (void)self;
    take_arguments(m, "get_rng_state", "device=", arguments, &device);
    return torch_cuda_state_tensor(m, torch_drawing(m, torch_cuda_generator(m, index_of(m, device)), DEVICE_CUDA));
}

static value cuda_set_rng_state(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "set_rng_state", "new_state device=", arguments, a);
    torch_load_state(m, torch_generator_of(torch_cuda_generator(m, index_of(m, a[1]))), a[0]);
    return NONE;
}

/* A GPU is there when --with names one. */
static value cuda_is_available(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "is_available", arguments);
    return BOOL(m->settings.gpu_sms != 0);
}

static value cuda_device_count(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "device_count", arguments);
    return INT(m->settings.gpu_sms != 0);
}

const struct native torch_cuda_functions[] = {{"manual_seed", cuda_manual_seed, NATIVE_FUNCTION, 0},
                                              {"manual_seed_all", cuda_manual_seed_all, NATIVE_FUNCTION, 0},
                                              {"initial_seed", cuda_initial_seed, NATIVE_FUNCTION, 0},
                                              {"get_rng_state", cuda_get_rng_state, NATIVE_FUNCTION, 0},
                                              {"set_rng_state", cuda_set_rng_state, NATIVE_FUNCTION, 0},
                                              {"is_available", cuda_is_available, NATIVE_FUNCTION, 0},
                                              {"device_count", cuda_device_count, NATIVE_FUNCTION, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};

void explain_cuda(struct writer *w, const struct torch_generator *g)
{
    put_format(w, "%s: philox4x32 of PyTorch, seed %llu, offset %llu", g->label, (unsigned long long)g->cuda.seed,
               (unsigned long long)g->cuda.offset);
    if (g->cuda.n_sms != 0)
        put_format(w, "; a GPU of %u multiprocessors with %u threads each", g->cuda.n_sms, g->cuda.threads_per_sm);
    put_text(w, "; float32 and half normals and logarithms are modelled: last bits may differ\n");
}
