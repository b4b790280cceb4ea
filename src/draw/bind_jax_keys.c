/* bind_jax_keys.c - jax.random.key, split, fold_in and what else makes keys and takes them apart.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp */

#include "draw/bind_jax.h"

/* --- Implementations ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name, *tag;
    unsigned n_words;
} impls[] = {
    [ONESEED_JAX_THREEFRY2X32] = {"threefry2x32", "fry", 2}, [ONESEED_JAX_RBG] = {"rbg", "rbg", 4},
    [ONESEED_JAX_UNSAFE_RBG] = {"unsafe_rbg", "urbg", 4},    [ONESEED_JAX_PHILOX2X32] = {"philox2x32", "phx2", 1},
    [ONESEED_JAX_PHILOX4X32] = {"philox4x32", "phx4", 2},    [ONESEED_JAX_THREEFRY4X32] = {"threefry4x32", "fry4", 4}};
enum { N_IMPLS = sizeof impls / sizeof *impls };

const char *jax_impl_name(unsigned impl)
{
    return impls[impl].name;
}

const char *jax_impl_tag(unsigned impl)
{
    return impls[impl].tag;
}

unsigned jax_impl_n_words(unsigned impl)
{
    return impls[impl].n_words;
}

unsigned jax_impl_from(vm *m, value v)
{
    unsigned impl;
    if (is_none(v))
        return m->jax.impl;
    if (is_key_dtype(v, &impl))
        return impl;
    if (!is_text(v))
        type_error(m, "unrecognized type <class '%s'> for specifying PRNG implementation.", type_name(v));
    for (unsigned i = 0; i < N_IMPLS; i++)
        if (strcmp(impls[i].name, v.u.text->bytes) == 0)
            return i;
    value_error(m,
                "unrecognized PRNG implementation \"%.60s\". Did you mean one of: \"philox2x32\", \"philox4x32\", "
                "\"threefry2x32\", \"rbg\", \"unsafe_rbg\", \"threefry4x32\"?",
                v.u.text->bytes);
}

static size_t n_words_of(unsigned impl)
{
    return impls[impl].n_words;
}

oneseed_jax_key jax_new_key(const vm *m, unsigned impl)
{
    return (oneseed_jax_key){
        .impl = impl, .is_original = m->jax.is_original, .has_x64 = m->jax.has_x64, .version = m->jax.version};
}

/* --- Keys of a call ---------------------------------------------------------------------------------------------------------- */

static const char *shape_words(vm *m, const struct array *a)
{
    struct writer w = writer_start(m);
    put_repr(&w, shape_tuple(m, a->shape, a->n_dims));
    return written(&w);
}

/* jax/_src/random/prng.py: _check_prng_key_data. */
static struct array *words_of(vm *m, value v, unsigned impl)
{
    struct array *a = is_jax_numbers(v) ? jax_data(v) : v.kind == V_ARRAY ? v.u.array : NULL;
    int64_t n_words = (int64_t)n_words_of(impl);
    if (v.kind == V_SCALAR)
        type_error(m, "JAX encountered invalid PRNG key data: expected key_data.ndim >= 1; got ndim=0");
    if (!a) {
        struct writer w = writer_start(m);
        put_str(&w, v);
        type_error(m,
                   "JAX encountered invalid PRNG key data: expected key_data to have ndim, shape, and dtype "
                   "attributes. Got %.200s",
                   written(&w));
    }
    if (a->n_dims < 1)
        type_error(m, "JAX encountered invalid PRNG key data: expected key_data.ndim >= 1; got ndim=0");
    if (a->shape[a->n_dims - 1] != n_words)
        type_error(m,
                   "JAX encountered invalid PRNG key data: expected key_data.shape to end with (%lld,); got shape=%s "
                   "for impl=%s",
                   (long long)n_words, shape_words(m, a), impls[impl].name);
    if (a->dt != DT_UINT32)
        type_error(m, "JAX encountered invalid PRNG key data: expected key_data.dtype = uint32; got dtype=%s",
                   dtype_name(a->dt));
    return a;
}

/* Any number of keys as keys: an array of words is one of the default implementation. */
static value keys_argument(vm *m, value v, bool *wrapped_out)
{
    *wrapped_out = !is_jax_keys(v);
    if (is_jax_keys(v))
        return v;
    if (!is_jax_numbers(v) && v.kind != V_ARRAY && !is_number(v) && !is_text(v))
        type_error(m, "unexpected PRNG key type <class '%s'>", type_name(v));
    return make_jax_keys(m, words_of(m, v, m->jax.impl), m->jax.impl);
}

static oneseed_jax_key key_at(const vm *m, value keys, int64_t i)
{
    oneseed_jax_key key = jax_new_key(m, jax_of(keys)->impl);
    size_t n_words = n_words_of(key.impl);
    memcpy(key.words, array_bytes(jax_data(keys)) + (size_t)i * n_words * 4, n_words * 4);
    return key;
}

oneseed_jax_key jax_key_argument(vm *m, const char *function, value v, bool *wrapped_out)
{
    bool wrapped;
    value keys = keys_argument(m, v, &wrapped);
    struct array *words = jax_data(keys);
    if (wrapped_out)
        *wrapped_out = wrapped;
    if (words->n_dims != 1) {
        struct array *shape = array_view(m, words);
        shape->n_dims -= !wrapped;
        value_error(m,
                    "%s accepts a single key, but was given a key array of shape %s != (). Use jax.vmap for "
                    "batching.",
                    function, shape_words(m, shape));
    }
    return key_at(m, make_jax_keys(m, array_is_contiguous(words) ? words : array_copy(m, words), jax_of(keys)->impl),
                  0);
}

/* n keys, in that shape; as an array of words where the key that they are from was one. */
static value keys_value(vm *m, const oneseed_jax_key *keys, int n_dims, const int64_t *shape, bool wrapped)
{
    size_t n_words = n_words_of(keys[0].impl), n = 1;
    int64_t with_words[MAX_DIMS];
    if (n_dims >= MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS - 1);
    for (int i = 0; i < n_dims; i++) {
        with_words[i] = shape[i];
        n *= (size_t)shape[i];
    }
    with_words[n_dims] = (int64_t)n_words;
    struct array *a = array_new(m, DT_UINT32, n_dims + 1, with_words, 0);
    for (size_t i = 0; i < n; i++)
        memcpy(a->buffer->bytes + i * n_words * 4, keys[i].words, n_words * 4);
    return wrapped ? make_jax(m, a, false) : make_jax_keys(m, a, keys[0].impl);
}

/* --- Shapes -------------------------------------------------------------------------------------------------------------------- */

static _Noreturn void refuse_shape(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_str(&w, v);
    type_error(m, "Shapes must be 1D sequences of concrete values of integer type, got %.200s.", written(&w));
}

int jax_shape_argument(vm *m, value v, int64_t shape[MAX_DIMS])
{
    value list = v;
    if (v.kind == V_NONE || v.kind == V_SCALAR || v.kind == V_BOOL)
        type_error(m, "'%s' object is not iterable", type_name(v));
    if (v.kind == V_INT) {
        list = make_sequence(m, V_TUPLE, 1);
        list.u.seq->items[0] = v;
    } else if (is_jax_numbers(v) || v.kind == V_ARRAY || v.kind == V_RANGE) {
        list = to_list(m, v);
    }
    if (!is_sequence(list))
        refuse_shape(m, v);
    if (list.u.seq->n > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    for (size_t i = 0; i < list.u.seq->n; i++) {
        value item = object_number(m, list.u.seq->items[i]);
        if (!is_integer(item))
            refuse_shape(m, v);
        shape[i] = to_int64(m, item, "a dimension");
        if (shape[i] < 0)
            fail(m, "MLIRError: Invalid type: invalid tensor dimension size");
    }
    return (int)list.u.seq->n;
}

size_t jax_shape_size(vm *m, int n_dims, const int64_t *shape)
{
    uint64_t n = 1;
    for (int i = 0; i < n_dims; i++)
        if (__builtin_mul_overflow(n, (uint64_t)shape[i], &n) || n > (uint64_t)1 << 40)
            fail(m, "the shape is too large");
    return (size_t)n;
}

/* --- Functions -------------------------------------------------------------------------------------------------------------------- */

/* A seed as 64 bits: of a type of 32 bits or less the high half is 0. */
static int64_t seed_bits(vm *m, value v, const char *function)
{
    uint64_t bits;
    if (is_jax_keys(v))
        type_error(m, "%s accepts a scalar seed, but was given a PRNG key.", function);
    if (is_sequence(v) || (v.kind == V_ARRAY && v.u.array->n_dims > 0) || (is_jax_numbers(v) && jax_n_dims(v) > 0))
        type_error(m, "%s accepts a scalar seed, but was given an array of shape %s != (). Use jax.vmap for batching",
                   function, shape_words(m, jax_data(jax_from(m, v, DT_NONE))));
    if (v.kind == V_BIG)
        fail(m, "OverflowError: Python int too large to convert to C long");
    if (v.kind == V_INT || v.kind == V_BOOL)
        return v.u.i;
    value array = jax_from(m, v, DT_NONE);
    dtype dt = jax_data(array)->dt;
    if (dtype_is_float(dt))
        type_error(m, "PRNG key seed must be an integer; got an array of %s", dtype_name(dt));
    bits = (uint64_t)load_integer(dt, array_bytes(jax_data(array)));
    return (int64_t)(dtype_nbytes(dt) < 8 ? bits & UINT32_MAX : bits);
}

static value make_key(vm *m, value seed, value impl, const char *function, bool wrapped)
{
    oneseed_jax_key key = jax_new_key(m, jax_impl_from(m, impl));
    oneseed_jax_key_seed(&key, seed_bits(m, seed, function));
    return keys_value(m, &key, 0, NULL, wrapped);
}

static value random_key(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "key", "seed * impl= dtype=", arguments, a);
    if (!is_none(a[1]) && !is_none(a[2]))
        value_error(m, "Cannot specify both `impl` and `dtype` arguments to jax.random.key");
    return make_key(m, a[0], is_none(a[2]) ? a[1] : a[2], "key", false);
}

static value random_PRNGKey(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "PRNGKey", "seed * impl=", arguments, a);
    return make_key(m, a[0], a[1], "PRNGKey", true);
}

static value random_split(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    int64_t shape[MAX_DIMS] = {2};
    int n_dims = 1;
    bool wrapped;
    (void)self;
    take_arguments(m, "split", "key num=", arguments, a);
    oneseed_jax_key key = jax_key_argument(m, "split", a[0], &wrapped);
    if (is_sequence(a[1])) {
        n_dims = jax_shape_argument(m, a[1], shape);
    } else if (a[1].kind != V_NOTHING) {
        shape[0] = to_int64(m, a[1], "num");
        if (shape[0] < 0)
            fail(m, "MLIRError: Invalid type: invalid tensor dimension size");
    }
    size_t n = jax_shape_size(m, n_dims, shape);
    int64_t nbytes = (int64_t)((n + 1) * sizeof key); /* one at least: what tells the implementation */
    oneseed_jax_key *keys = (oneseed_jax_key *)(void *)array_new(m, DT_UINT8, 1, &nbytes, 0)->buffer->bytes;
    step(m, n);
    keys[0] = key;
    oneseed_jax_split(&key, keys, n);
    return keys_value(m, keys, n_dims, shape, wrapped);
}

static value random_fold_in(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    bool wrapped;
    (void)self;
    take_arguments(m, "fold_in", "key data", arguments, a);
    oneseed_jax_key key = jax_key_argument(m, "fold_in", a[0], &wrapped);
    if (is_sequence(a[1]) || (a[1].kind == V_ARRAY && a[1].u.array->n_dims > 0) ||
        (is_jax_numbers(a[1]) && jax_n_dims(a[1]) > 0))
        type_error(m, "fold_in accepts a scalar, but was given an array ofshape %s != (). Use jax.vmap for batching.",
                   shape_words(m, jax_data(jax_from(m, a[1], DT_NONE))));
    const struct array *data = jax_data(jax_from(m, a[1], DT_UINT32));
    oneseed_jax_fold_in(&key, (uint32_t)load_integer(DT_UINT32, array_bytes(data)), &key);
    return keys_value(m, &key, 0, NULL, wrapped);
}

static value random_key_data(vm *m, value self, const struct arguments *arguments)
{
    value v;
    bool wrapped;
    (void)self;
    take_arguments(m, "key_data", "keys", arguments, &v);
    return make_jax(m, jax_data(keys_argument(m, v, &wrapped)), false);
}

static value random_key_impl(vm *m, value self, const struct arguments *arguments)
{
    value v;
    bool wrapped;
    (void)self;
    take_arguments(m, "key_impl", "keys", arguments, &v);
    return make_str(m, impls[jax_of(keys_argument(m, v, &wrapped))->impl].name);
}

static value random_wrap_key_data(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "wrap_key_data", "key_bits_array * impl= dtype=", arguments, a);
    if (!is_none(a[1]) && !is_none(a[2]))
        value_error(m, "Cannot specify both `impl` and `dtype` arguments to jax.random.wrap_key_data");
    unsigned impl = jax_impl_from(m, is_none(a[2]) ? a[1] : a[2]);
    struct array *words = words_of(m, a[0], impl);
    return make_jax_keys(m, a[0].kind == V_ARRAY ? array_copy(m, words) : words, impl);
}

static value random_key_dtype(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "key_dtype", "impl_spec=", arguments, &v);
    return make_key_dtype(m, jax_impl_from(m, v));
}

static value random_clone(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "clone", "key", arguments, &v);
    return is_jax(v) ? v : jax_argument(m, v, "clone", 0);
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, random_##name, NATIVE_FUNCTION, 0                                                                       \
    }
const struct native jax_key_functions[] = {FUNCTION(key),           FUNCTION(PRNGKey),
                                           FUNCTION(split),         FUNCTION(fold_in),
                                           FUNCTION(key_data),      FUNCTION(key_impl),
                                           FUNCTION(wrap_key_data), FUNCTION(key_dtype),
                                           FUNCTION(clone),         {NULL, NULL, NATIVE_FUNCTION, 0}};
