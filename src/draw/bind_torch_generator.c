/* bind_torch_generator.c - torch.Generator, the default generator, seeds and states.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_torch.h"

static const char default_label[] = "torch.default_generator";

/* --- Making, seeding, counting --------------------------------------------------------------------------------------- */

oneseed_torch torch_new_state(vm *m, uint64_t seed)
{
    oneseed_torch state = {.version = m->settings.torch_version,
                           .cpu = m->settings.torch_cpu ? m->settings.torch_cpu : (uint32_t)oneseed_torch_cpu_here(),
                           .has_mkl = m->settings.torch_has_mkl};
    oneseed_torch_manual_seed(&state, seed);
    return state;
}

value new_torch_generator(vm *m, uint64_t seed, const char *label)
{
    struct torch_generator *g = new_holder(m, V_TORCH, sizeof *g, 0);
    g->state = g->counted = torch_new_state(m, seed);
    g->device_index = -1;
    g->seeded = true;
    value v = object_value(V_TORCH, g);
    keep(m, v, label);
    return v;
}

/* By drawing, that is 0.5 ns a word; beyond it the number is not said. */
static const uint64_t most_words = (uint64_t)1 << 36;

void account_torch(vm *m, struct torch_generator *g)
{
    if (!m->settings.explain || !g->seeded)
        return;
    uint64_t n = oneseed_mt19937_distance(&g->counted.mt19937, &g->state.mt19937, most_words);
    g->lost_count = g->lost_count || n > most_words;
    g->n_words += n;
    g->counted = g->state;
}

static void set_state(vm *m, struct torch_generator *g, const oneseed_torch *state)
{
    account_torch(m, g);
    g->state = g->counted = *state;
    g->seeded = true;
}

value torch_default_generator(vm *m)
{
    if (m->globals.torch.kind == V_NOTHING) {
        m->globals.torch = new_torch_generator(m, ONESEED_TORCH_DEFAULT_SEED, default_label);
        torch_generator_of(m->globals.torch)->seeded = false;
    }
    return m->globals.torch;
}

static struct torch_generator *seeded(vm *m, value v)
{
    struct torch_generator *g = torch_generator_of(v);
    if (!g->seeded)
        fail(m, "torch has no seed: without torch.manual_seed(N) every run would draw other numbers");
    return g;
}

struct torch_generator *torch_drawing(vm *m, value generator, unsigned device)
{
    if (is_none(generator))
        generator = device == DEVICE_CUDA ? torch_cuda_generator(m, 0) : torch_default_generator(m);
    else if (generator.kind != V_TORCH)
        type_error(m, "argument 'generator' must be torch.Generator, not %s", type_name(generator));
    struct torch_generator *g = seeded(m, generator);
    if (g->device != device)
        fail(m, "RuntimeError: Expected a '%s' device type for generator but found '%s'", device_name(device),
             device_name(g->device));
    return g;
}

/* -2^63 to 2^64 - 1, negative ones as two's complement. */
static uint64_t seed_bits(vm *m, value v)
{
    uint64_t bits;
    value plain = plain_integer(m, v);
    if (fits_u64(plain, &bits))
        return bits;
    if (plain.kind == V_INT)
        return (uint64_t)plain.u.i;
    value_error(m, "Overflow when unpacking long long");
}

/* int(seed), as torch.manual_seed() does before anything else. */
static value seed_integer(vm *m, value seed)
{
    if (is_none(seed))
        type_error(m, "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'");
    struct arguments one = {.positional = &seed, .n_positional = 1};
    if (seed.kind == V_TENSOR) {
        const struct array *a = tensor_values(m, seed, "a seed");
        if (array_size(a) != 1)
            fail(m, "RuntimeError: a Tensor with %lld elements cannot be converted to Scalar",
                 (long long)array_size(a));
        seed = scalar_item(m, array_item(m, a, a->offset));
    }
    return find_native(builtins, "int")->call(m, NONE, &one);
}

uint64_t torch_seed_bits(vm *m, value seed)
{
    return seed_bits(m, seed_integer(m, seed));
}

static value torch_manual_seed(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    (void)self;
    take_arguments(m, "manual_seed", "seed", arguments, &seed);
    uint64_t bits = torch_seed_bits(m, seed);
    value v = torch_default_generator(m);
    oneseed_torch state = torch_new_state(m, bits);
    set_state(m, torch_generator_of(v), &state);
    torch_cuda_seed_all(m, bits);
    return v;
}

static _Noreturn void refuse_os_seed(vm *m, const char *what)
{
    fail(m, "%s takes a seed from the operating system: every run would draw other numbers (give one: manual_seed(N))",
         what);
}

static value torch_seed(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "seed", arguments);
    refuse_os_seed(m, "torch.seed()");
}

static value torch_initial_seed(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "initial_seed", arguments);
    return big_from_u64(m, seeded(m, torch_default_generator(m))->state.initial_seed);
}

/* --- States ---------------------------------------------------------------------------------------------------------- */

static value bytes_tensor(vm *m, const void *bytes, size_t nbytes)
{
    int64_t n = (int64_t)nbytes;
    struct array *a = array_new(m, DT_UINT8, 1, &n, 0);
    memcpy(a->buffer->bytes, bytes, nbytes);
    return make_tensor(m, a);
}

static value state_tensor(vm *m, const struct torch_generator *g)
{
    if (g->device == DEVICE_CUDA)
        return torch_cuda_state_tensor(m, g);
    uint8_t bytes[ONESEED_TORCH_STATE_BYTES];
    oneseed_torch_get_state(&g->state, bytes);
    return bytes_tensor(m, bytes, sizeof bytes);
}

void torch_load_state(vm *m, struct torch_generator *g, value v)
{
    if (v.kind != V_TENSOR || v.u.tensor->array->dt != DT_UINT8)
        type_error(m, "RNG state must be a torch.ByteTensor");
    struct array *a = array_as(m, tensor_values(m, v, "the state"), DT_UINT8);
    int64_t n = array_size(a);
    if (g->device == DEVICE_CUDA) {
        torch_cuda_load_state(m, g, array_bytes(a), (size_t)n);
        return;
    }
    oneseed_torch state = g->state;
    oneseed_status status = oneseed_torch_set_state(&state, array_bytes(a), (size_t)n);
    if (status == ONESEED_TORCH_STATE_SIZE)
        fail(m, "RuntimeError: %s%lld", oneseed_status_text(status), (long long)n);
    if (status != ONESEED_OK)
        fail(m, "RuntimeError: %s", oneseed_status_text(status));
    set_state(m, g, &state);
}

static value torch_get_rng_state(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "get_rng_state", arguments);
    return state_tensor(m, seeded(m, torch_default_generator(m)));
}

static value torch_set_rng_state(vm *m, value self, const struct arguments *arguments)
{
    value state;
    (void)self;
    take_arguments(m, "set_rng_state", "new_state", arguments, &state);
    torch_load_state(m, torch_generator_of(torch_default_generator(m)), state);
    return NONE;
}

/* --- torch.Generator ------------------------------------------------------------------------------------------------- */

static value make_torch_generator(vm *m, value self, const struct arguments *arguments)
{
    value device;
    (void)self;
    take_arguments(m, "Generator", "device=", arguments, &device);
    value found = torch_device_from(m, device);
    if (found.dt == DEVICE_CUDA)
        return new_cuda_generator(m, found.u.i, ONESEED_TORCH_DEFAULT_SEED, "torch.Generator('cuda')");
    return new_torch_generator(m, ONESEED_TORCH_DEFAULT_SEED, "torch.Generator");
}

static value generator_manual_seed(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    take_arguments(m, "manual_seed", "seed", arguments, &seed);
    if (seed.kind != V_INT && seed.kind != V_BIG)
        fail(m, "RuntimeError: manual_seed expected a long, but got %s", type_name(seed));
    struct torch_generator *g = torch_generator_of(self);
    uint64_t bits = seed_bits(m, seed);
    if (g->device == DEVICE_CUDA) {
        seed_cuda_generator(m, g, bits);
        return self;
    }
    oneseed_torch state = torch_new_state(m, bits);
    set_state(m, g, &state);
    return self;
}

static value generator_seed(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "seed", arguments);
    refuse_os_seed(m, "Generator.seed()");
}

static value generator_initial_seed(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "initial_seed", arguments);
    const struct torch_generator *g = seeded(m, self);
    return big_from_u64(m, g->device == DEVICE_CUDA ? g->cuda.seed : g->state.initial_seed);
}

static value generator_get_state(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "get_state", arguments);
    return state_tensor(m, seeded(m, self));
}

static value generator_set_state(vm *m, value self, const struct arguments *arguments)
{
    value state;
    take_arguments(m, "set_state", "new_state", arguments, &state);
    torch_load_state(m, torch_generator_of(self), state);
    return self;
}

static value generator_clone_state(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "clone_state", arguments);
    const struct torch_generator *g = seeded(m, self);
    if (g->device == DEVICE_CUDA) {
        value copy = new_cuda_generator(m, g->device_index, g->cuda.seed, "torch.Generator('cuda')");
        torch_generator_of(copy)->cuda = g->cuda;
        return copy;
    }
    value v = new_torch_generator(m, g->state.initial_seed, "torch.Generator");
    torch_generator_of(v)->state = torch_generator_of(v)->counted = g->state;
    return v;
}

static value generator_get_offset(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "get_offset", arguments);
    if (torch_generator_of(self)->device != DEVICE_CUDA)
        fail(m, "RuntimeError: CPU Generator does not use offset");
    return INT((int64_t)seeded(m, self)->cuda.offset);
}

static value generator_set_offset(vm *m, value self, const struct arguments *arguments)
{
    value offset;
    take_arguments(m, "set_offset", "offset", arguments, &offset);
    if (torch_generator_of(self)->device != DEVICE_CUDA)
        fail(m, "RuntimeError: CPU Generator does not use offset");
    oneseed_status status =
        oneseed_torch_cuda_set_offset(&seeded(m, self)->cuda, (uint64_t)torch_int(m, "set_offset", offset, "offset"));
    if (status != ONESEED_OK)
        fail(m, "RuntimeError: %s", oneseed_status_text(status));
    return self;
}

static value generator_device(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    const struct torch_generator *g = torch_generator_of(self);
    return make_device(g->device, g->device_index);
}

const struct native torch_generator_methods[] = {{"manual_seed", generator_manual_seed, NATIVE_FUNCTION, 0},
                                                 {"seed", generator_seed, NATIVE_FUNCTION, 0},
                                                 {"initial_seed", generator_initial_seed, NATIVE_FUNCTION, 0},
                                                 {"get_state", generator_get_state, NATIVE_FUNCTION, 0},
                                                 {"set_state", generator_set_state, NATIVE_FUNCTION, 0},
                                                 {"clone_state", generator_clone_state, NATIVE_FUNCTION, 0},
                                                 {"get_offset", generator_get_offset, NATIVE_FUNCTION, 0},
                                                 {"set_offset", generator_set_offset, NATIVE_FUNCTION, 0},
                                                 {"device", generator_device, NATIVE_PROPERTY, 0},
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}};

const struct native torch_generator_functions[] = {{"manual_seed", torch_manual_seed, NATIVE_FUNCTION, 0},
                                                   {"seed", torch_seed, NATIVE_FUNCTION, 0},
                                                   {"initial_seed", torch_initial_seed, NATIVE_FUNCTION, 0},
                                                   {"get_rng_state", torch_get_rng_state, NATIVE_FUNCTION, 0},
                                                   {"set_rng_state", torch_set_rng_state, NATIVE_FUNCTION, 0},
                                                   {"Generator", make_torch_generator, NATIVE_CLASS, 0},
                                                   {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- --explain ------------------------------------------------------------------------------------------------------- */

void explain_torch(struct writer *w, struct torch_generator *g)
{
    static const char *const kernels[] = {"unknown", "default", "avx2", "avx512 (the random ones are avx2's)"};
    char text[FLOAT_TEXT];
    const oneseed_torch *s = &g->state;
    if (!g->seeded)
        return;
    if (g->device == DEVICE_CUDA) {
        explain_cuda(w, g);
        return;
    }
    account_torch(w->m, g);
    put_format(w, "%s: MT19937 of PyTorch, seed %llu, ", g->label, (unsigned long long)s->initial_seed);
    if (g->lost_count)
        put_text(w, "an unknown number of");
    else
        put_format(w, "%llu", (unsigned long long)g->n_words);
    uint32_t version = s->version ? s->version : 21300;
    put_format(w, " 32-bit words; kernels of %u.%u.%u: %s; state: key [%u, %u, %u, …, %u], position %u",
               version / 10000, version / 100 % 100, version % 100, kernels[s->cpu % 4], s->mt19937.words[0],
               s->mt19937.words[1], s->mt19937.words[2], s->mt19937.words[623], s->mt19937.position);
    if (s->has_normal) {
        float_repr(s->normal, 64, text);
        put_format(w, ", cached normal %s", text);
    }
    put_text(w, "\n");
}
