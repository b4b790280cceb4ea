/* bind_tensorflow_generator.c - tf.random.Generator: a state of three integers that its draws read and move on.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_tensorflow.h"

static const struct object_class generator_class;

enum { PHILOX = 1, THREEFRY = 2 };

/* --- States ------------------------------------------------------------------------------------------------------------------------- */

/* held: the tf.Variable of the state, the algorithm. */
static value new_generator(vm *m, struct array *state, int algorithm)
{
    value v = new_instance(m, &generator_class, sizeof(struct instance), 2);
    instance_of(v)->held[0] = tensorflow_variable(m, array_copy(m, state), "StateVar:0");
    instance_of(v)->held[1] = INT(algorithm);
    return v;
}

static int algorithm_of(value generator)
{
    return (int)instance_of(generator)->held[1].u.i;
}

static int64_t state_size(int algorithm)
{
    return algorithm == THREEFRY ? 2 : 3;
}

static int64_t *words_of(struct array *state)
{
    return (int64_t *)(void *)array_bytes(state);
}

static struct array *state_of(value generator)
{
    return tensorflow_array(instance_of(generator)->held[0]);
}

/* A new array, as what was read of the old one stays. */
static void set_state(vm *m, value generator, const struct array *state)
{
    instance_of(instance_of(generator)->held[0])->held[0] = array_value(array_copy(m, state));
}

/* An integer beyond int64 stands for the int64 of its bits. */
static value wrapped(vm *m, value v)
{
    uint64_t u;
    if (is_sequence(v)) {
        value list = make_sequence(m, V_LIST, 0);
        enter(m);
        for (size_t i = 0; i < v.u.seq->n; i++)
            append(m, list, wrapped(m, v.u.seq->items[i]));
        leave(m);
        return list;
    }
    return v.kind == V_BIG && fits_u64(v, &u) ? INT((int64_t)u) : v;
}

static struct array *as_state(vm *m, value v)
{
    return tensorflow_cast(m, tensorflow_convert(m, wrapped(m, v), DT_NONE), DT_INT64);
}

static struct array *checked_state(vm *m, value v, int algorithm)
{
    struct array *state = as_state(m, v);
    if (state->n_dims != 1 || state->shape[0] != state_size(algorithm))
        value_error(m, "Shapes %s and [%lld] are incompatible", dims_text(m, state->n_dims, state->shape),
                    (long long)state_size(algorithm));
    return state;
}

/* create_rng_state: an int is cut into words of 64 bits, a list shorter than the state is padded in front. */
static struct array *state_from_seed(vm *m, value seed, int algorithm)
{
    int64_t n = state_size(algorithm);
    struct array *state = array_new(m, DT_INT64, 1, &n, 0);
    if (is_integer(seed) && seed.kind != V_SCALAR) {
        uint32_t small[2];
        size_t n_limbs;
        bool negative;
        const uint32_t *limbs = big_limbs(plain_integer(m, seed), small, &n_limbs, &negative);
        uint64_t carry = negative;
        for (size_t i = 0; i < (size_t)n; i++) {
            uint64_t word =
                (2 * i < n_limbs ? limbs[2 * i] : 0) | (uint64_t)(2 * i + 1 < n_limbs ? limbs[2 * i + 1] : 0) << 32;
            if (negative) { /* two's complement */
                word = ~word + carry;
                carry = carry && word == 0;
            }
            words_of(state)[i] = (int64_t)word;
        }
        return state;
    }
    struct array *given = as_state(m, seed);
    int64_t n_given = array_size(given), taken = n_given < n ? n_given : n;
    memcpy(words_of(state) + (n - taken), array_bytes(given), (size_t)taken * sizeof(int64_t));
    return state;
}

static struct array *state_from_key(vm *m, value key, value counter, int algorithm)
{
    struct array *words = as_state(m, counter), *last = as_state(m, key);
    int64_t n = state_size(algorithm);
    if (words->n_dims != 1 || words->shape[0] != n - 1)
        value_error(m, "Shapes %s and [%lld] are incompatible", dims_text(m, words->n_dims, words->shape),
                    (long long)(n - 1));
    if (last->n_dims != 0)
        value_error(m, "Shapes %s and [] are incompatible", dims_text(m, last->n_dims, last->shape));
    struct array *state = array_new(m, DT_INT64, 1, &n, 0);
    memcpy(words_of(state), array_bytes(words), (size_t)(n - 1) * sizeof(int64_t));
    words_of(state)[n - 1] = *words_of(last);
    return state;
}

/* --- Drawing ------------------------------------------------------------------------------------------------------------------------ */

static philox_place place_of(const struct array *state)
{
    const int64_t *words = (const int64_t *)(const void *)array_bytes(state);
    philox_place place;
    for (int i = 0; i < 2; i++) {
        place.counter[2 * i] = (uint32_t)words[i];
        place.counter[2 * i + 1] = (uint32_t)((uint64_t)words[i] >> 32);
    }
    place.key[0] = (uint32_t)words[2];
    place.key[1] = (uint32_t)((uint64_t)words[2] >> 32);
    return place;
}

static void put_place(vm *m, value generator, const philox_place *place)
{
    struct array *state = array_copy(m, state_of(generator));
    for (int i = 0; i < 2; i++)
        words_of(state)[i] = (int64_t)(place->counter[2 * i] | (uint64_t)place->counter[2 * i + 1] << 32);
    set_state(m, generator, state);
}

/* Where the next draw of that shape begins; the state goes on behind it. */
static philox_place take_place(vm *m, value generator, int n_dims, const int64_t *shape)
{
    uint64_t n = 1;
    if (algorithm_of(generator) == THREEFRY)
        fail(m, "UnimplementedError: Non-XLA devices don't support the ThreeFry algorithm. [Op:RngReadAndSkip]");
    for (int i = 0; i < n_dims; i++)
        n *= (uint64_t)shape[i];
    philox_place place = place_of(state_of(generator)), next = place;
    oneseed_tensorflow_reserve(&next, n);
    put_place(m, generator, &next);
    return place;
}

static value generator_uniform(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    int64_t shape[MAX_DIMS];
    bool is_long;
    take_arguments(m, "uniform", "shape minval= maxval= dtype= name=", arguments, v);
    struct tensorflow_uniform u = tensorflow_read_uniform(m, v[1], v[2], tensorflow_dtype_from(m, v[3], DT_FLOAT32));
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    philox_place place = take_place(m, self, n_dims, shape);
    return tensorflow_uniform_at(m, &place, &u, n_dims, shape);
}

static value generator_normals(vm *m, value self, const char *name, tensorflow_method method,
                               const struct arguments *arguments)
{
    value v[5];
    int64_t shape[MAX_DIMS];
    bool is_long;
    take_arguments(m, name, "shape mean= stddev= dtype= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[3], DT_FLOAT32);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    for (int i = 1; i < 3; i++)
        (void)tensorflow_convert(m, is_none(v[i]) ? FLOAT(0) : v[i], dt);
    philox_place place = take_place(m, self, n_dims, shape);
    return tensorflow_normal_at(m, &place, method, dt, v[1], v[2], n_dims, shape);
}

static value generator_normal(vm *m, value self, const struct arguments *arguments)
{
    return generator_normals(m, self, "normal", TF_NORMAL, arguments);
}

static value generator_truncated_normal(vm *m, value self, const struct arguments *arguments)
{
    return generator_normals(m, self, "truncated_normal", TF_TRUNCATED, arguments);
}

static struct array *full_integers(vm *m, value self, dtype dt, int n_dims, const int64_t *shape)
{
    philox_place place = take_place(m, self, n_dims, shape);
    return tensorflow_draw(m, &place, TF_UNIFORM_FULL_INT, dt, 0, 0, n_dims, shape);
}

static value generator_uniform_full_int(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    int64_t shape[MAX_DIMS];
    bool is_long;
    take_arguments(m, "uniform_full_int", "shape dtype= name=", arguments, v);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    return tensorflow_tensor(m, full_integers(m, self, tensorflow_dtype_from(m, v[1], DT_UINT64), n_dims, shape));
}

static int64_t count_of(vm *m, const char *name, const struct arguments *arguments)
{
    value v;
    take_arguments(m, name, "count=", arguments, &v);
    int64_t n = v.kind == V_NOTHING ? 1 : to_int64(m, v, "count");
    if (n < 0)
        invalid_argument(m, "Dimension %lld must be >= 0", (long long)n);
    return n;
}

static value generator_make_seeds(vm *m, value self, const struct arguments *arguments)
{
    int64_t shape[2] = {2, count_of(m, "make_seeds", arguments)};
    const struct array *keys = full_integers(m, self, DT_INT64, 1, shape + 1);
    struct array *out = array_new(m, DT_INT64, 2, shape, 0);
    memcpy(out->buffer->bytes, keys->buffer->bytes, keys->buffer->nbytes);
    return tensorflow_tensor(m, out);
}

static value generator_split(vm *m, value self, const struct arguments *arguments)
{
    int64_t n = count_of(m, "split", arguments), size = state_size(algorithm_of(self));
    struct array *keys = full_integers(m, self, DT_INT64, 1, &n);
    value list = make_sequence(m, V_LIST, 0);
    for (int64_t i = 0; i < n; i++) {
        struct array *state = array_new(m, DT_INT64, 1, &size, 0);
        words_of(state)[size - 1] = words_of(keys)[i];
        append(m, list, new_generator(m, state, algorithm_of(self)));
    }
    return list;
}

static value generator_skip(vm *m, value self, const struct arguments *arguments)
{
    value delta;
    take_arguments(m, "skip", "delta", arguments, &delta);
    struct array *before = array_copy(m, state_of(self));
    int64_t n = to_int64(m, delta, "delta");
    if (n < 0)
        fail(m, "skip() backwards is not supported");
    (void)take_place(m, self, 1, &n);
    return tensorflow_tensor(m, before);
}

/* --- State from outside ---------------------------------------------------------------------------------------------------------------- */

static value generator_state(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "state", arguments);
    return instance_of(self)->held[0];
}

static value generator_key(vm *m, value self, const struct arguments *arguments)
{
    const struct array *state = state_of(self);
    take_none(m, "key", arguments);
    return tensorflow_scalar(m, DT_INT64, INT(load_integer(DT_INT64, array_bytes(state) + 8 * (state->shape[0] - 1))));
}

static value generator_algorithm(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "algorithm", arguments);
    return INT(algorithm_of(self));
}

static value generator_reset(vm *m, value self, const struct arguments *arguments)
{
    value v;
    take_arguments(m, "reset", "state", arguments, &v);
    set_state(m, self, checked_state(m, v, algorithm_of(self)));
    return NONE;
}

static value generator_reset_from_seed(vm *m, value self, const struct arguments *arguments)
{
    value v;
    take_arguments(m, "reset_from_seed", "seed", arguments, &v);
    set_state(m, self, state_from_seed(m, v, algorithm_of(self)));
    return NONE;
}

static value generator_reset_from_key_counter(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    take_arguments(m, "reset_from_key_counter", "key counter", arguments, v);
    set_state(m, self, state_from_key(m, v[0], v[1], algorithm_of(self)));
    return NONE;
}

static const struct native generator_methods_table[] = {
    {"uniform", generator_uniform, NATIVE_FUNCTION, 0},
    {"normal", generator_normal, NATIVE_FUNCTION, 0},
    {"truncated_normal", generator_truncated_normal, NATIVE_FUNCTION, 0},
    {"uniform_full_int", generator_uniform_full_int, NATIVE_FUNCTION, 0},
    {"binomial", tensorflow_generator_binomial, NATIVE_FUNCTION, 0},
    {"make_seeds", generator_make_seeds, NATIVE_FUNCTION, 0},
    {"split", generator_split, NATIVE_FUNCTION, 0},
    {"skip", generator_skip, NATIVE_FUNCTION, 0},
    {"state", generator_state, NATIVE_PROPERTY, 0},
    {"key", generator_key, NATIVE_PROPERTY, 0},
    {"algorithm", generator_algorithm, NATIVE_PROPERTY, 0},
    {"reset", generator_reset, NATIVE_FUNCTION, 0},
    {"reset_from_seed", generator_reset_from_seed, NATIVE_FUNCTION, 0},
    {"reset_from_key_counter", generator_reset_from_key_counter, NATIVE_FUNCTION, 0},
    {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class generator_class = {.name = "Generator", .methods = generator_methods_table};

philox_place tensorflow_generator_place(vm *m, value generator)
{
    return take_place(m, generator, 1, (const int64_t[]){0});
}

void tensorflow_generator_set_place(vm *m, value generator, const philox_place *place)
{
    put_place(m, generator, place);
}

/* --- The class ------------------------------------------------------------------------------------------------------------------------- */

static int algorithm_argument(vm *m, value alg)
{
    int which = is_none(alg) ? PHILOX : tensorflow_algorithm(m, alg);
    return which;
}

static value from_seed(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    (void)self;
    take_arguments(m, "from_seed", "seed alg=", arguments, v);
    int algorithm = algorithm_argument(m, v[1]);
    return new_generator(m, state_from_seed(m, v[0], algorithm), algorithm);
}

static value from_state(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    (void)self;
    take_arguments(m, "from_state", "state alg", arguments, v);
    int algorithm = algorithm_argument(m, v[1]);
    return new_generator(m, checked_state(m, v[0], algorithm), algorithm);
}

static value from_key_counter(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "from_key_counter", "key counter alg", arguments, v);
    int algorithm = algorithm_argument(m, v[2]);
    return new_generator(m, state_from_key(m, v[0], v[1], algorithm), algorithm);
}

static value from_system(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    (void)arguments;
    fail(m, "a generator from a non-deterministic state is seeded by the system: no two runs share it "
            "(tf.random.Generator.from_seed() makes one that is repeated)");
}

static bool is_generator(value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class == &generator_class;
}

/* Called: tf.random.Generator(copy_from=, state=, alg=). */
static value make_generator(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "Generator", "copy_from= state= alg=", arguments, v);
    if (!is_none(v[0])) {
        if (!is_generator(v[0]))
            fail(m, "AttributeError: '%s' object has no attribute 'state'", type_name(v[0]));
        return new_generator(m, state_of(v[0]), algorithm_of(v[0]));
    }
    if (is_none(v[1]) || is_none(v[2]))
        fail(m, "AssertionError: Generator() takes copy_from, or state and alg");
    int algorithm = algorithm_argument(m, v[2]);
    return new_generator(m, checked_state(m, v[1], algorithm), algorithm);
}

static const struct native class_methods[] = {{"from_seed", from_seed, NATIVE_FUNCTION, 0},
                                              {"from_state", from_state, NATIVE_FUNCTION, 0},
                                              {"from_key_counter", from_key_counter, NATIVE_FUNCTION, 0},
                                              {"from_non_deterministic_state", from_system, NATIVE_FUNCTION, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class class_of_generators = {
    .name = "type", .methods = class_methods, .call = make_generator};

value tensorflow_generator_class(vm *m)
{
    return new_instance(m, &class_of_generators, sizeof(struct instance), 0);
}

/* --- Functions --------------------------------------------------------------------------------------------------------------------------- */

static value create_rng_state(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    (void)self;
    take_arguments(m, "create_rng_state", "seed alg", arguments, v);
    return tensorflow_tensor(m, state_from_seed(m, v[0], tensorflow_algorithm(m, v[1])));
}

static value get_global_generator(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "get_global_generator", arguments);
    if (m->globals.tensorflow_generator.kind == V_NOTHING)
        fail(m, "the global generator is seeded by the system, not by tf.random.set_seed(): "
                "tf.random.set_global_generator(tf.random.Generator.from_seed(…)) sets one that is repeated");
    return m->globals.tensorflow_generator;
}

static value set_global_generator(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "set_global_generator", "generator", arguments, &v);
    if (!is_generator(v))
        type_error(m, "set_global_generator() takes a tf.random.Generator here, not '%s'", type_name(v));
    m->globals.tensorflow_generator = v;
    return NONE;
}

const struct native tensorflow_generator_functions[] = {
    {"create_rng_state", create_rng_state, NATIVE_FUNCTION, 0},
    {"get_global_generator", get_global_generator, NATIVE_FUNCTION, 0},
    {"set_global_generator", set_global_generator, NATIVE_FUNCTION, 0},
    {NULL, NULL, NATIVE_FUNCTION, 0}};
