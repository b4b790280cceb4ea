/* bind_tensorflow_random.c - tf.random: stateful and stateless operations, and dropout.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp, memcpy */
#include <unistd.h> /* sysconf */

#include "draw/bind.h" /* take_rows */
#include "draw/bind_tensorflow.h"

/* --- Dtypes and refusals ------------------------------------------------------------------------------------------------------ */

oneseed_tensorflow_dtype tensorflow_library_dtype(dtype dt)
{
    switch (dt) {
    case DT_BFLOAT16:
        return ONESEED_TENSORFLOW_BFLOAT16;
    case DT_FLOAT16:
        return ONESEED_TENSORFLOW_FLOAT16;
    case DT_FLOAT32:
        return ONESEED_TENSORFLOW_FLOAT32;
    case DT_FLOAT64:
        return ONESEED_TENSORFLOW_FLOAT64;
    case DT_INT32:
        return ONESEED_TENSORFLOW_INT32;
    case DT_INT64:
        return ONESEED_TENSORFLOW_INT64;
    case DT_UINT32:
        return ONESEED_TENSORFLOW_UINT32;
    case DT_UINT64:
        return ONESEED_TENSORFLOW_UINT64;
    default:
        return (oneseed_tensorflow_dtype)-1;
    }
}

void tensorflow_refuse(vm *m, oneseed_status status)
{
    if (status != ONESEED_OK)
        invalid_argument(m, "%s", oneseed_status_text(status));
}

static void require_dtype(vm *m, dtype dt, bool with_unsigned)
{
    bool good = dtype_is_float(dt) || dt == DT_INT32 || dt == DT_INT64 ||
                (with_unsigned && (dt == DT_UINT32 || dt == DT_UINT64));
    if (!good)
        value_error(m,
                    "Argument `dtype` got invalid value <dtype: '%s'>. Accepted dtypes are (tf.float16, tf.bfloat16, "
                    "tf.float32, tf.float64, tf.int32, tf.int64%s).",
                    dt == DT_STR ? "string" : dtype_name(dt), with_unsigned ? ", tf.uint32, tf.uint64" : "");
}

/* --- Draws ---------------------------------------------------------------------------------------------------------------------- */

struct array *tensorflow_draw(vm *m, const philox_place *place, tensorflow_method method, dtype dt, int64_t low,
                              int64_t high, int n_dims, const int64_t *shape)
{
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    size_t n = (size_t)array_size(out);
    void *at = out->buffer->bytes;
    oneseed_tensorflow_dtype type = tensorflow_library_dtype(dt);
    oneseed_status status = ONESEED_OK;
    step(m, n);
    switch (method) {
    case TF_UNIFORM:
        status = oneseed_tensorflow_uniform_fill(place, type, at, n);
        break;
    case TF_UNIFORM_INT:
        status = oneseed_tensorflow_uniform_int_fill(place, type, low, high, at, n);
        break;
    case TF_UNIFORM_FULL_INT:
        status = oneseed_tensorflow_uniform_full_int_fill(place, type, at, n);
        break;
    case TF_NORMAL: /* times 1 plus -0.0: what the kernel gives */
        status = oneseed_tensorflow_normal_fill(place, type, -0.0, 1, at, n);
        break;
    case TF_TRUNCATED:
        status = oneseed_tensorflow_truncated_normal_fill(place, type, -0.0, 1, at, n);
        break;
    }
    if (status == ONESEED_TENSORFLOW_BOUNDS)
        invalid_argument(m, "Need minval < maxval, got %lld >= %lld", (long long)low, (long long)high);
    if (status == ONESEED_TENSORFLOW_FLOAT_DTYPE || status == ONESEED_TENSORFLOW_INTEGER_DTYPE)
        invalid_argument(m, "Value for attr 'dtype' of %s is not in the list of allowed values", dtype_name(dt));
    tensorflow_refuse(m, status);
    return out;
}

value tensorflow_scaled(vm *m, struct array *values, struct array *scale, struct array *shift)
{
    struct array *product = tensorflow_elementwise(m, OP_MULTIPLY, values, scale);
    return tensorflow_tensor(m, shift ? tensorflow_elementwise(m, OP_ADD, product, shift) : product);
}

value tensorflow_normal_at(vm *m, const philox_place *place, tensorflow_method method, dtype dt, value mean,
                           value stddev, int n_dims, const int64_t *shape)
{
    struct array *shift = tensorflow_convert(m, is_none(mean) ? FLOAT(0) : mean, dt);
    struct array *scale = tensorflow_convert(m, is_none(stddev) ? FLOAT(1) : stddev, dt);
    return tensorflow_scaled(m, tensorflow_draw(m, place, method, dt, 0, 0, n_dims, shape), scale, shift);
}

struct tensorflow_uniform tensorflow_read_uniform(vm *m, value minval, value maxval, dtype dt)
{
    struct tensorflow_uniform u = {.dt = dt, .minval = minval, .maxval = maxval};
    if (minval.kind == V_NOTHING)
        u.minval = INT(0);
    if (dtype_is_float(dt) && is_none(maxval))
        u.maxval = INT(1);
    if (dtype_is_float(dt))
        return u;
    if (is_none(u.minval) != is_none(u.maxval))
        value_error(m,
                    "For integer `dtype` argument <dtype: '%s'>, argument `minval` and `maxval` must be both None or "
                    "not None.",
                    dtype_name(dt));
    u.is_full = is_none(u.minval);
    if (!u.is_full && dtype_is_unsigned(dt))
        value_error(m,
                    "Argument `dtype` got invalid value <dtype: '%s'> when argument `minval` is not None. Please "
                    "don't use unsigned integers in this case.",
                    dtype_name(dt));
    return u;
}

/* A bound of integers: a scalar of the dtype. */
static int64_t bound_of(vm *m, value v, dtype dt, const char *name)
{
    const struct array *a = tensorflow_convert(m, v, dt);
    if (a->n_dims != 0)
        invalid_argument(m, "%s must be 0-D, got shape %s", name, tensorflow_shape_text(m, a->shape, a->n_dims));
    return load_integer(dt, array_bytes(a));
}

static bool is_python_int(value v, int64_t i)
{
    return (v.kind == V_INT || v.kind == V_BOOL) && v.u.i == i;
}

value tensorflow_uniform_at(vm *m, const philox_place *place, const struct tensorflow_uniform *u, int n_dims,
                            const int64_t *shape)
{
    if (u->is_full)
        return tensorflow_tensor(m, tensorflow_draw(m, place, TF_UNIFORM_FULL_INT, u->dt, 0, 0, n_dims, shape));
    if (!dtype_is_float(u->dt))
        return tensorflow_tensor(m, tensorflow_draw(m, place, TF_UNIFORM_INT, u->dt,
                                                    bound_of(m, u->minval, u->dt, "minval"),
                                                    bound_of(m, u->maxval, u->dt, "maxval"), n_dims, shape));
    struct array *values = tensorflow_draw(m, place, TF_UNIFORM, u->dt, 0, 0, n_dims, shape);
    bool from_zero = u->is_stateful && is_python_int(u->minval, 0);
    if (from_zero && is_python_int(u->maxval, 1))
        return tensorflow_tensor(m, values);
    struct array *low = tensorflow_convert(m, u->minval, u->dt), *high = tensorflow_convert(m, u->maxval, u->dt);
    if (from_zero)
        return tensorflow_scaled(m, values, high, NULL);
    return tensorflow_scaled(m, values, tensorflow_elementwise(m, OP_SUBTRACT, high, low), low);
}

static uint64_t size_of(int n_dims, const int64_t *shape)
{
    uint64_t n = 1;
    for (int i = 0; i < n_dims; i++)
        n *= (uint64_t)shape[i];
    return n;
}

/* --- Stateful operations -------------------------------------------------------------------------------------------------------- */

static value tf_uniform(vm *m, value self, const struct arguments *arguments)
{
    value v[6];
    int64_t shape[MAX_DIMS];
    bool is_long;
    (void)self;
    take_arguments(m, "uniform", "shape minval= maxval= dtype= seed= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[3], DT_FLOAT32);
    require_dtype(m, dt, false);
    if (!dtype_is_float(dt) && is_none(v[2]))
        value_error(m, "Must specify maxval for integer dtype tf.%s", dtype_name(dt));
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    struct tensorflow_uniform u = tensorflow_read_uniform(m, v[1], v[2], dt);
    u.is_stateful = true;
    for (int i = 0; i < 2; i++) /* refused before the seed is asked for */
        (void)tensorflow_convert(m, i ? u.maxval : u.minval, dt);
    philox_place *place = tensorflow_kernel(m, dtype_is_float(dt) ? TF_RANDOM_UNIFORM : TF_RANDOM_UNIFORM_INT, dt,
                                            is_long ? DT_INT64 : DT_INT32, v[4]);
    value out = tensorflow_uniform_at(m, place, &u, n_dims, shape);
    oneseed_tensorflow_reserve(place, size_of(n_dims, shape));
    return out;
}

static value stateful_normal(vm *m, const char *name, tensorflow_method method, const struct arguments *arguments)
{
    value v[6];
    int64_t shape[MAX_DIMS];
    bool is_long;
    take_arguments(m, name, "shape mean= stddev= dtype= seed= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[3], DT_FLOAT32);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    for (int i = 1; i < 3; i++)
        (void)tensorflow_convert(m, is_none(v[i]) ? FLOAT(0) : v[i], dt);
    philox_place *place = tensorflow_kernel(m, method == TF_NORMAL ? TF_RANDOM_STANDARD_NORMAL : TF_TRUNCATED_NORMAL,
                                            dt, is_long ? DT_INT64 : DT_INT32, v[4]);
    value out = tensorflow_normal_at(m, place, method, dt, v[1], v[2], n_dims, shape);
    oneseed_tensorflow_reserve(place, size_of(n_dims, shape));
    return out;
}

static value tf_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return stateful_normal(m, "normal", TF_NORMAL, arguments);
}

static value tf_truncated_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return stateful_normal(m, "truncated_normal", TF_TRUNCATED, arguments);
}

/* The rows of a in the order that the place gives. */
static value shuffled(vm *m, const philox_place *place, struct array *a)
{
    if (a->n_dims == 0 || a->shape[0] <= 1 || array_size(a) <= 1)
        return tensorflow_tensor(m, a);
    int64_t n = a->shape[0];
    if ((uint64_t)n > UINT32_MAX)
        fail(m, "a shuffle of more than 2^32 - 1 rows is not supported");
    const struct array *narrow = array_new(m, DT_UINT32, 1, &n, 0), *wide = array_new(m, DT_INT64, 1, &n, 0);
    uint32_t *order = (uint32_t *)(void *)narrow->buffer->bytes;
    int64_t *rows = (int64_t *)(void *)wide->buffer->bytes;
    step(m, (uint64_t)n);
    oneseed_tensorflow_shuffle(place, order, (size_t)n);
    for (int64_t i = 0; i < n; i++)
        rows[i] = order[i];
    return tensorflow_tensor(m, take_rows(m, a, rows, (size_t)n, 0));
}

static value tf_shuffle(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "shuffle", "value seed= name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    philox_place *place = tensorflow_kernel(m, TF_RANDOM_SHUFFLE, (dtype)a->dt, DT_NONE, v[1]);
    value out = shuffled(m, place, a);
    if (a->n_dims > 0 && array_size(a) > 1)
        oneseed_tensorflow_reserve_shuffle(place, (uint64_t)a->shape[0]);
    return out;
}

/* --- Stateless operations ---------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text;
} algorithms[] = {{"PHILOX", "philox"}, {"THREEFRY", "threefry"}, {"AUTO_SELECT", "auto_select"}};

static void put_algorithm(struct writer *w, value self)
{
    int64_t which = instance_of(self)->held[0].u.i;
    put_format(w, "<Algorithm.%s: %d>", algorithms[which - 1].name, (int)which);
}

static const struct native no_methods[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
/* held: 1, 2 or 3. */
static const struct object_class algorithm_class = {.name = "Algorithm", .methods = no_methods, .put = put_algorithm};

value tensorflow_algorithm_named(vm *m, const char *name)
{
    for (int i = 0; i < 3; i++)
        if (strcmp(algorithms[i].name, name) == 0) {
            value v = new_instance(m, &algorithm_class, sizeof(struct instance), 1);
            instance_of(v)->held[0] = INT(i + 1);
            return v;
        }
    return NOTHING;
}

int tensorflow_algorithm(vm *m, value alg)
{
    if (alg.kind == V_NOTHING)
        return 3;
    if (alg.kind == V_OBJECT && instance_of(alg)->class == &algorithm_class)
        return (int)instance_of(alg)->held[0].u.i;
    for (int i = 0; i < 3; i++)
        if (is_text(alg) && strcmp(alg.u.text->bytes, algorithms[i].text) == 0)
            return i + 1;
    struct writer w = writer_start(m);
    put_str(&w, alg);
    int64_t which = is_text(alg) ? 0 : to_int64(m, alg, "alg");
    if (which < 1 || which > 3)
        value_error(m,
                    "Argument `alg` got unsupported value %.80s. Supported values are philox for the Philox algorithm, "
                    "threefry for the ThreeFry algorithm, and auto_select for auto-selection.",
                    written(&w));
    return (int)which;
}

philox_place tensorflow_stateless_place(vm *m, value seed, value alg)
{
    philox_place place;
    bool threefry = tensorflow_algorithm(m, alg) == 2;
    const struct array *a = tensorflow_convert(m, seed, DT_NONE);
    if (a->dt != DT_INT32 && a->dt != DT_INT64)
        invalid_argument(m, "Value for attr 'Tseed' of %s is not in the list of allowed values: int32, int64",
                         dtype_name(a->dt));
    if (a->n_dims != 1 || a->shape[0] != 2)
        invalid_argument(m, "seed must have shape [2], not %s", tensorflow_shape_text(m, a->shape, a->n_dims));
    if (threefry)
        invalid_argument(m,
                         "counter must be a vector with length at least 2; got shape: [1]. (Note that batched counters "
                         "are not supported yet.) (ThreeFry is for XLA alone)");
    oneseed_tensorflow_stateless_seed(&place, load_integer(a->dt, array_bytes(a)),
                                      load_integer(a->dt, array_bytes(a) + a->strides[0]));
    return place;
}

static value tf_stateless_uniform(vm *m, value self, const struct arguments *arguments)
{
    value v[7];
    int64_t shape[MAX_DIMS];
    bool is_long;
    (void)self;
    take_arguments(m, "stateless_uniform", "shape seed minval= maxval= dtype= name= alg=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[4], DT_FLOAT32);
    require_dtype(m, dt, true);
    struct tensorflow_uniform u = tensorflow_read_uniform(m, v[2], v[3], dt);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    philox_place place = tensorflow_stateless_place(m, v[1], v[6]);
    return tensorflow_uniform_at(m, &place, &u, n_dims, shape);
}

static value stateless_normal(vm *m, const char *name, tensorflow_method method, const struct arguments *arguments)
{
    value v[7];
    int64_t shape[MAX_DIMS];
    bool is_long;
    take_arguments(m, name, "shape seed mean= stddev= dtype= name= alg=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[4], DT_FLOAT32);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    philox_place place = tensorflow_stateless_place(m, v[1], v[6]);
    return tensorflow_normal_at(m, &place, method, dt, v[2], v[3], n_dims, shape);
}

static value tf_stateless_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return stateless_normal(m, "stateless_normal", TF_NORMAL, arguments);
}

static value tf_stateless_truncated_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return stateless_normal(m, "stateless_truncated_normal", TF_TRUNCATED, arguments);
}

static value tf_stateless_shuffle(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    (void)self;
    take_arguments(m, "stateless_shuffle", "value seed alg= name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    philox_place place = tensorflow_stateless_place(m, v[1], v[2]);
    return shuffled(m, &place, a);
}

static struct array *full_integers(vm *m, value seed, value alg, dtype dt, int n_dims, const int64_t *shape)
{
    philox_place place = tensorflow_stateless_place(m, seed, alg);
    return tensorflow_draw(m, &place, TF_UNIFORM_FULL_INT, dt, 0, 0, n_dims, shape);
}

static value tf_split(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "split", "seed num= alg=", arguments, v);
    struct array *seed = tensorflow_convert(m, v[0], DT_NONE);
    int64_t shape[2] = {v[1].kind == V_NOTHING ? 2 : to_int64(m, v[1], "num"), 2};
    if (shape[0] < 0)
        invalid_argument(m, "Dimension %lld must be >= 0", (long long)shape[0]);
    if (dtype_is_float(seed->dt))
        value_error(m, "an integer dtype is needed for `seed`, not %s", dtype_name(seed->dt));
    return tensorflow_tensor(m, full_integers(m, v[0], v[2], (dtype)seed->dt, 2, shape));
}

static value tf_fold_in(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    (void)self;
    take_arguments(m, "fold_in", "seed data alg=", arguments, v);
    const struct array *data = tensorflow_convert(m, v[1], DT_NONE);
    if (data->n_dims != 0 || (data->dt != DT_INT32 && data->dt != DT_INT64))
        fail(m, "fold_in() takes one integer as data here");
    const struct array *first = full_integers(m, v[0], v[2], (dtype)data->dt, 0, NULL);
    int64_t two = 2;
    struct array *out = array_new(m, (dtype)data->dt, 1, &two, 0);
    memcpy(out->buffer->bytes, first->buffer->bytes, out->item_nbytes);
    memcpy(out->buffer->bytes + out->item_nbytes, array_bytes(data), out->item_nbytes);
    return tensorflow_tensor(m, out);
}

/* --- Categorical ------------------------------------------------------------------------------------------------------- */

/* As many as TensorFlow's threads: how it cuts many rows for them decides the samples. */
static unsigned n_threads(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

struct categorical {
    struct array *logits; /* float64, of two dimensions */
    dtype logits_dt, dt;
    int64_t shape[2];
};

static struct categorical read_categorical(vm *m, value logits, value n_samples, value dt)
{
    struct categorical c = {.dt = tensorflow_dtype_from(m, dt, DT_INT64)};
    const struct array *given = tensorflow_convert(m, logits, DT_NONE);
    if (c.dt != DT_INT32 && c.dt != DT_INT64)
        value_error(m, "Argument `dtype` got invalid value <dtype: '%s'>. Accepted dtypes are (tf.int32, tf.int64).",
                    dtype_name(c.dt));
    if (given->n_dims != 2)
        invalid_argument(m, "logits should be a matrix, got shape %s [Op:Multinomial]",
                         tensorflow_shape_text(m, given->shape, given->n_dims));
    const struct array *n = tensorflow_convert(m, n_samples, DT_NONE);
    if (n->n_dims != 0 || dtype_is_float(n->dt))
        invalid_argument(m, "num_samples should be a scalar, got shape %s [Op:Multinomial]",
                         tensorflow_shape_text(m, n->shape, n->n_dims));
    c.shape[0] = given->shape[0];
    c.shape[1] = load_integer(n->dt, array_bytes(n));
    if (c.shape[1] < 0)
        invalid_argument(m, "num_samples should be nonnegative, got %lld [Op:Multinomial]", (long long)c.shape[1]);
    c.logits_dt = (dtype)given->dt;
    c.logits = tensorflow_cast(m, given, DT_FLOAT64);
    return c;
}

static value categorical_at(vm *m, const philox_place *place, const struct categorical *c)
{
    struct array *out = array_new(m, c->dt, 2, c->shape, 0);
    struct array *space = array_new(m, DT_FLOAT64, 1, &c->logits->shape[1], 0);
    step(m, 2 * (uint64_t)(array_size(out) + array_size(c->logits)));
    oneseed_status status = oneseed_tensorflow_categorical_fill(
        place, (const double *)(const void *)c->logits->buffer->bytes, (size_t)c->shape[0], (size_t)c->logits->shape[1],
        (size_t)c->shape[1], n_threads(), tensorflow_library_dtype(c->dt), (double *)(void *)space->buffer->bytes,
        out->buffer->bytes);
    if (status == ONESEED_TENSORFLOW_CLASSES)
        invalid_argument(m, "%s%lld", oneseed_status_text(status), (long long)c->logits->shape[1]);
    tensorflow_refuse(m, status);
    return tensorflow_tensor(m, out);
}

static value tf_categorical(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "categorical", "logits num_samples dtype= seed= name=", arguments, v);
    struct categorical c = read_categorical(m, v[0], v[1], v[2]);
    philox_place *place = tensorflow_kernel(m, TF_MULTINOMIAL, c.dt, c.logits_dt, v[3]);
    value out = categorical_at(m, place, &c);
    oneseed_tensorflow_categorical_reserve(place, (uint64_t)c.shape[0], (uint64_t)c.shape[1]);
    return out;
}

static value tf_stateless_categorical(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "stateless_categorical", "logits num_samples seed dtype= name=", arguments, v);
    struct categorical c = read_categorical(m, v[0], v[1], v[3]);
    philox_place place = tensorflow_stateless_place(m, v[2], NOTHING);
    return categorical_at(m, &place, &c);
}

/* --- Dropout ------------------------------------------------------------------------------------------------------------------------ */

struct dropout {
    struct array *x;
    value rate;
    int n_dims;
    int64_t noise[MAX_DIMS];
};

/* Reads x, rate and noise_shape; gives false where nothing is dropped (rate 0). */
static bool read_dropout(vm *m, value x, value rate, value noise_shape, struct dropout *out)
{
    out->x = tensorflow_convert(m, x, DT_NONE);
    out->rate = rate;
    if (!dtype_is_float(out->x->dt))
        value_error(m,
                    "`x.dtype` must be a floating point tensor as `x` will be scaled. Received: x_dtype=<dtype: '%s'>",
                    dtype_name(out->x->dt));
    if (!is_number(rate))
        fail(m, "dropout() with a rate that is no Python number is not supported");
    double r = to_double(m, rate, "rate");
    if (!(r >= 0 && r < 1)) {
        struct writer w = writer_start(m);
        put_repr(&w, rate);
        value_error(m, "`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate=%.80s",
                    written(&w));
    }
    out->n_dims = out->x->n_dims;
    memcpy(out->noise, out->x->shape, sizeof out->noise);
    if (!is_none(noise_shape)) {
        value dims = to_list(m, noise_shape);
        if ((int)dims.u.seq->n != out->n_dims)
            fail(m, "dropout() takes a noise_shape of as many dimensions as x has here");
        for (int i = 0; i < out->n_dims; i++)
            out->noise[i] =
                is_none(dims.u.seq->items[i]) ? out->x->shape[i] : to_int64(m, dims.u.seq->items[i], "a size");
        for (int i = 0; i < out->n_dims; i++)
            if (out->noise[i] != 1 && out->noise[i] != out->x->shape[i])
                invalid_argument(m, "Incompatible shapes: %s vs. %s [Op:SelectV2]",
                                 tensorflow_shape_text(m, out->noise, out->n_dims),
                                 tensorflow_shape_text(m, out->x->shape, out->n_dims));
    }
    return r != 0;
}

static value dropped(vm *m, const philox_place *place, const struct dropout *d)
{
    double rate = to_double(m, d->rate, "rate");
    struct array *mask = array_new(m, DT_BOOL, d->n_dims, d->noise, 0);
    struct array *scale = tensorflow_convert(m, FLOAT(1 / (1 - rate)), (dtype)d->x->dt);
    struct array *out = tensorflow_elementwise(m, OP_MULTIPLY, d->x, scale);
    step(m, (uint64_t)array_size(mask));
    tensorflow_refuse(m, oneseed_tensorflow_keep_fill(place, tensorflow_library_dtype((dtype)d->x->dt), rate,
                                                      (uint8_t *)mask->buffer->bytes, (size_t)array_size(mask)));
    struct cursor c = cursor_start(array_broadcast(m, mask, d->x->n_dims, d->x->shape));
    char *at = out->buffer->bytes;
    for (; cursor_more(&c); cursor_next(&c), at += out->item_nbytes)
        if (!mask->buffer->bytes[c.offset])
            store_double(out->dt, at, 0);
    return tensorflow_tensor(m, out);
}

static value tf_dropout(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    struct dropout d;
    (void)self;
    take_arguments(m, "dropout", "x rate noise_shape= seed= name=", arguments, v);
    bool drops = read_dropout(m, v[0], v[1], v[2], &d);
    if (!drops) { /* the seed is asked for, and nothing drawn */
        int64_t seeds[2];
        if (v[3].kind == V_NOTHING || is_none(v[3]))
            tensorflow_operation_seeds(m, v[3], seeds);
        return tensorflow_tensor(m, d.x);
    }
    philox_place *place = tensorflow_kernel(m, TF_RANDOM_UNIFORM, (dtype)d.x->dt, DT_INT32, v[3]);
    value out = dropped(m, place, &d);
    oneseed_tensorflow_reserve(place, size_of(d.n_dims, d.noise));
    return out;
}

static value tf_stateless_dropout(vm *m, value self, const struct arguments *arguments)
{
    value v[6];
    struct dropout d;
    (void)self;
    take_arguments(m, "stateless_dropout", "x rate seed rng_alg= noise_shape= name=", arguments, v);
    bool drops = read_dropout(m, v[0], v[1], v[4], &d);
    philox_place place = tensorflow_stateless_place(m, v[2], is_none(v[3]) ? NOTHING : v[3]);
    return drops ? dropped(m, &place, &d) : tensorflow_tensor(m, d.x);
}

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, tf_##name, NATIVE_FUNCTION, 0                                                                           \
    }
const struct native tensorflow_random_functions[] = {ENTRY(uniform),
                                                     ENTRY(normal),
                                                     ENTRY(truncated_normal),
                                                     ENTRY(shuffle),
                                                     ENTRY(stateless_uniform),
                                                     ENTRY(stateless_normal),
                                                     ENTRY(stateless_truncated_normal),
                                                     ENTRY(categorical),
                                                     ENTRY(stateless_categorical),
                                                     ENTRY(split),
                                                     ENTRY(fold_in),
                                                     {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native tensorflow_experimental_random_functions[] = {{"stateless_split", tf_split, NATIVE_FUNCTION, 0},
                                                                  {"stateless_fold_in", tf_fold_in, NATIVE_FUNCTION, 0},
                                                                  ENTRY(stateless_shuffle),
                                                                  {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native tensorflow_nn_functions[] = {ENTRY(dropout), {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native tensorflow_nn_experimental_functions[] = {ENTRY(stateless_dropout),
                                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
