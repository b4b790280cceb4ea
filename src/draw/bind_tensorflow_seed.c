/* bind_tensorflow_seed.c - TensorFlow's eager context: the global seed, and the kernels whose places go on from call to call.
 * SPDX-License-Identifier: MIT
 *
 * TensorFlow 2.21 keeps every kernel that it made, by operation, attributes and device (core/common_runtime/eager/context.h), until
 * tf.random.set_seed() clears them. Two calls with the same seeds are one kernel, whose second run draws what comes next. */
#include <string.h> /* memset */

#include "draw/bind_tensorflow.h"

/* --- The context ------------------------------------------------------------------------------------------------------------- */

struct kernel {
    bool used;
    uint8_t op, a, b;
    int64_t seeds[2];
    philox_place place;
};

struct context { /* held: the buffer of the table of kernels */
    struct instance instance;
    oneseed_tensorflow_context seeds;
    size_t n_kernels;
};

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class context_class = {.name = "Context", .methods = none};

enum { FIRST_KERNELS = 64 };

static struct buffer *new_table(vm *m, size_t n)
{
    struct buffer *table = heap_object(m, V_BUFFER, sizeof *table);
    table->bytes = heap_resize(m, NULL, 0, n * sizeof(struct kernel));
    table->nbytes = n * sizeof(struct kernel);
    memset(table->bytes, 0, table->nbytes);
    return table;
}

static void forget_kernels(vm *m, struct context *c)
{
    c->n_kernels = 0;
    c->instance.held[0] = object_value(V_BUFFER, new_table(m, FIRST_KERNELS));
}

static struct context *context_of(vm *m)
{
    if (m->globals.tensorflow.kind == V_NOTHING) {
        value v = new_instance(m, &context_class, sizeof(struct context), 1);
        forget_kernels(m, (struct context *)(void *)v.u.o);
        m->globals.tensorflow = v;
    }
    return (struct context *)(void *)m->globals.tensorflow.u.o;
}

/* --- Seeds ------------------------------------------------------------------------------------------------------------------- */

/* An integer or float out of whatever holds one number. */
static value seed_number(vm *m, value seed)
{
    const struct array *a = seed.kind == V_ARRAY ? seed.u.array : object_array(m, seed);
    if (a && a->n_dims == 0)
        seed = array_item(m, a, a->offset);
    seed = scalar_item(m, seed);
    if (is_text(seed)) /* what `%` says of it */
        type_error(m, "not all arguments converted during string formatting");
    if (!is_number(seed))
        type_error(m, "only 0-dimensional arrays can be converted to Python scalars");
    return seed.kind == V_FLOAT ? seed : plain_integer(m, seed);
}

void tensorflow_set_seed(vm *m, value seed)
{
    struct context *c = context_of(m);
    uint32_t small[2];
    size_t n;
    bool negative;
    forget_kernels(m, c);
    if (is_none(seed)) {
        c->seeds.has_seed = 0;
        return;
    }
    seed = seed_number(m, seed);
    if (seed.kind == V_FLOAT) {
        if (oneseed_tensorflow_set_seed_f64(&c->seeds, seed.u.f) != ONESEED_OK)
            fail(m, "an infinity or NaN as a seed is not supported");
        return;
    }
    const uint32_t *limbs = big_limbs(seed, small, &n, &negative);
    oneseed_tensorflow_set_seed_words(&c->seeds, negative, limbs, n);
}

void tensorflow_operation_seeds(vm *m, value seed, int64_t seeds_out[2])
{
    struct context *c = context_of(m);
    int64_t own = 0;
    if (m->globals.in_tensorflow_graph)
        fail(m, "random operations in a function of a tf.data pipeline are not supported: its graph seeds them "
                "(stateless ones are)");
    if (!is_none(seed)) {
        uint32_t small[2];
        size_t n;
        bool negative;
        seed = seed_number(m, seed);
        if (seed.kind == V_FLOAT && !__builtin_isfinite(seed.u.f))
            fail(m, "an infinity or NaN as a seed is not supported");
        if (seed.kind == V_FLOAT) {
            own = oneseed_tensorflow_seed_f64(seed.u.f);
        } else {
            const uint32_t *limbs = big_limbs(seed, small, &n, &negative);
            own = oneseed_tensorflow_seed_words(negative, limbs, n);
        }
    }
    if (!oneseed_tensorflow_operation_seed(&c->seeds, is_none(seed) ? NULL : &own, seeds_out))
        fail(m, "TensorFlow has no seed: it would take one from the system; call tf.random.set_seed() first, or give "
                "seed=");
}

/* --- Kernels ------------------------------------------------------------------------------------------------------------------- */

static size_t hash_of(const struct kernel *k)
{
    uint64_t h = (uint64_t)k->seeds[0] * 0x9e3779b97f4a7c15U ^ (uint64_t)k->seeds[1];
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9U + (uint64_t)(k->op << 16 | k->a << 8 | k->b);
    return (size_t)(h ^ h >> 32);
}

static struct kernel *slot_of(const struct buffer *table, const struct kernel *k)
{
    struct kernel *slots = (struct kernel *)(void *)table->bytes;
    size_t n = table->nbytes / sizeof *slots, i = hash_of(k) & (n - 1);
    while (slots[i].used && !(slots[i].op == k->op && slots[i].a == k->a && slots[i].b == k->b &&
                              slots[i].seeds[0] == k->seeds[0] && slots[i].seeds[1] == k->seeds[1]))
        i = (i + 1) & (n - 1);
    return &slots[i];
}

static void grow(vm *m, struct context *c)
{
    const struct buffer *old = (const struct buffer *)(const void *)c->instance.held[0].u.o;
    const struct kernel *kernels = (const struct kernel *)(const void *)old->bytes;
    size_t n = old->nbytes / sizeof *kernels;
    struct buffer *larger = new_table(m, 2 * n);
    for (size_t i = 0; i < n; i++)
        if (kernels[i].used)
            *slot_of(larger, &kernels[i]) = kernels[i];
    c->instance.held[0] = object_value(V_BUFFER, larger);
}

philox_place *tensorflow_kernel(vm *m, tensorflow_op op, dtype a, dtype b, value seed)
{
    struct context *c = context_of(m);
    struct kernel wanted = {.used = true, .op = (uint8_t)op, .a = (uint8_t)a, .b = (uint8_t)b};
    tensorflow_operation_seeds(m, seed, wanted.seeds);
    struct kernel *found = slot_of((const struct buffer *)(const void *)c->instance.held[0].u.o, &wanted);
    if (!found->used) {
        if (2 * ++c->n_kernels >
            ((const struct buffer *)(const void *)c->instance.held[0].u.o)->nbytes / sizeof *found) {
            grow(m, c);
            found = slot_of((const struct buffer *)(const void *)c->instance.held[0].u.o, &wanted);
        }
        *found = wanted;
        oneseed_tensorflow_philox_seed(&found->place, wanted.seeds[0], wanted.seeds[1]);
    }
    return &found->place;
}

/* --- Functions ------------------------------------------------------------------------------------------------------------------- */

static value tf_set_seed(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    (void)self;
    take_arguments(m, "set_seed", "seed", arguments, &seed);
    tensorflow_set_seed(m, seed);
    return NONE;
}

const struct native tensorflow_seed_functions[] = {{"set_seed", tf_set_seed, NATIVE_FUNCTION, 0},
                                                   {NULL, NULL, NATIVE_FUNCTION, 0}};
