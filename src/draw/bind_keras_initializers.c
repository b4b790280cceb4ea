/* bind_keras_initializers.c - keras.initializers: values of a shape, from a seed that is fixed when the initializer is made.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_keras.h"
#include "draw/object.h" /* new_instance */

static const struct native no_methods[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- Initializers ----------------------------------------------------------------------------------------------------------------------- */

typedef enum constant_kind { NOT_CONSTANT, CONSTANT, IDENTITY } constant_kind;

/* held: the seed, an int or a SeedGenerator. */
struct initializer {
    struct instance instance;
    const char *name;
    constant_kind constant;
    double number; /* the constant, the identity's gain */
    oneseed_keras_initializer library;
};

struct array *keras_initial(vm *m, const oneseed_keras_initializer *initializer, const int64_t pair[2], dtype dt,
                            int n_dims, const int64_t *shape)
{
    oneseed_keras k = keras_library(m);
    struct array *out = keras_result(m, dt, n_dims, shape);
    if (initializer->kind == ONESEED_KERAS_ORTHOGONAL)
        fail(m, "orthogonal weights are not supported: the last bits of the backend's QR decomposition depend on the "
                "machine");
    keras_refuse(m, oneseed_keras_initializer_fill(&k, initializer, pair, keras_library_dtype(m, dt), shape, n_dims,
                                                   NULL, out->buffer->bytes));
    return out;
}

static value initializer_call(vm *m, value self, const struct arguments *arguments)
{
    const struct initializer *i = (const struct initializer *)(const void *)self.u.o;
    value v[2];
    int64_t shape[MAX_DIMS], pair[2];
    take_arguments(m, "__call__", "shape dtype=", arguments, v);
    int n_dims = keras_shape_from(m, v[0], shape);
    dtype dt = keras_dtype_from(m, v[1], DT_NONE);
    if (i->constant != NOT_CONSTANT) {
        struct array *out = keras_result(m, dt, n_dims, shape);
        if (i->constant == IDENTITY && n_dims != 2)
            value_error(m, "Identity matrix initializer can only be used for 2D matrices. Received: shape of rank %d",
                        n_dims);
        int64_t n = array_size(out), by = i->constant == IDENTITY ? shape[1] + 1 : 1;
        int64_t end = i->constant == IDENTITY && shape[0] > shape[1] ? shape[1] * shape[1] : n;
        for (int64_t at = 0; at < end; at += by)
            store_double(out->dt, out->buffer->bytes + (size_t)at * out->item_nbytes, i->number);
        return keras_tensor(m, out);
    }
    if (i->library.kind == ONESEED_KERAS_ZEROS || i->library.kind == ONESEED_KERAS_ONES)
        pair[0] = pair[1] = 0;
    else
        keras_draw_seed(m, instance_of(self)->held[0], pair);
    return keras_tensor(m, keras_initial(m, &i->library, pair, dt, n_dims, shape));
}

static const struct object_class initializer_class = {
    .name = "Initializer", .methods = no_methods, .call = initializer_call};

static value new_initializer(vm *m, oneseed_keras_initializer_kind kind, value seed)
{
    value v = new_instance(m, &initializer_class, sizeof(struct initializer), 1);
    bool draws = kind >= ONESEED_KERAS_RANDOM_NORMAL;
    oneseed_keras_initializer_defaults(&((struct initializer *)(void *)v.u.o)->library, kind);
    instance_of(v)->held[0] = draws && is_none(seed) ? INT(keras_default_seed(m)) : draws ? seed : NONE;
    return v;
}

static struct initializer *initializer_of(value v)
{
    return (struct initializer *)(void *)v.u.o;
}

static double or_default(vm *m, value v, double otherwise, const char *name)
{
    return v.kind == V_NOTHING ? otherwise : to_double(m, v, name);
}

/* Two numbers and a seed. */
static value with_numbers(vm *m, const char *name, const char *names, oneseed_keras_initializer_kind kind,
                          const struct arguments *arguments)
{
    value v[3];
    take_arguments(m, name, names, arguments, v);
    value made = new_initializer(m, kind, v[2]);
    oneseed_keras_initializer *i = &initializer_of(made)->library;
    double *first = kind == ONESEED_KERAS_RANDOM_UNIFORM ? &i->minval : &i->mean;
    double *second = kind == ONESEED_KERAS_RANDOM_UNIFORM ? &i->maxval : &i->stddev;
    *first = or_default(m, v[0], *first, "a parameter");
    *second = or_default(m, v[1], *second, "a parameter");
    return made;
}

static value keras_RandomNormal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return with_numbers(m, "RandomNormal", "mean= stddev= seed=", ONESEED_KERAS_RANDOM_NORMAL, arguments);
}

static value keras_RandomUniform(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return with_numbers(m, "RandomUniform", "minval= maxval= seed=", ONESEED_KERAS_RANDOM_UNIFORM, arguments);
}

static value keras_TruncatedNormal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return with_numbers(m, "TruncatedNormal", "mean= stddev= seed=", ONESEED_KERAS_TRUNCATED_NORMAL, arguments);
}

/* Which of the words the argument is; an error that names them. */
static int word_of(vm *m, const char *argument, value v, const char *const *words, int n, int otherwise)
{
    for (int i = 0; i < n; i++)
        if (is_text(v) && strcmp(v.u.text->bytes, words[i]) == 0)
            return i;
    if (v.kind != V_NOTHING) {
        struct writer w = writer_start(m);
        put_str(&w, v);
        value_error(m, "Invalid `%s` argument: %.80s.", argument, written(&w));
    }
    return otherwise;
}

static value keras_VarianceScaling(vm *m, value self, const struct arguments *arguments)
{
    static const char *const modes[] = {"fan_in", "fan_out", "fan_avg"}, *const spreads[] = {"truncated_normal",
                                                                                             "untruncated_normal",
                                                                                             "uniform", "normal"};
    value v[4];
    (void)self;
    take_arguments(m, "VarianceScaling", "scale= mode= distribution= seed=", arguments, v);
    value made = new_initializer(m, ONESEED_KERAS_VARIANCE_SCALING, v[3]);
    oneseed_keras_initializer *i = &initializer_of(made)->library;
    i->scale = or_default(m, v[0], i->scale, "scale");
    i->mode = (oneseed_keras_mode)word_of(m, "mode", v[1], modes, 3, (int)i->mode);
    int spread = word_of(m, "distribution", v[2], spreads, 4, (int)i->distribution);
    i->distribution = (oneseed_keras_spread)(spread == 3 ? 0 : spread);
    if (!(i->scale > 0))
        value_error(m, "Argument `scale` must be positive float. Received: scale=%g", i->scale);
    return made;
}

#define OF_A_SEED(name, kind)                                                                                          \
    static value keras_##name(vm *m, value self, const struct arguments *arguments)                                    \
    {                                                                                                                  \
        value seed;                                                                                                    \
        (void)self;                                                                                                    \
        take_arguments(m, #name, "seed=", arguments, &seed);                                                           \
        return new_initializer(m, kind, seed);                                                                         \
    }
OF_A_SEED(GlorotUniform, ONESEED_KERAS_GLOROT_UNIFORM)
OF_A_SEED(GlorotNormal, ONESEED_KERAS_GLOROT_NORMAL)
OF_A_SEED(HeUniform, ONESEED_KERAS_HE_UNIFORM)
OF_A_SEED(HeNormal, ONESEED_KERAS_HE_NORMAL)
OF_A_SEED(LecunUniform, ONESEED_KERAS_LECUN_UNIFORM)
OF_A_SEED(LecunNormal, ONESEED_KERAS_LECUN_NORMAL)

static value keras_Zeros(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "Zeros", arguments);
    return new_initializer(m, ONESEED_KERAS_ZEROS, NONE);
}

static value keras_Ones(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "Ones", arguments);
    return new_initializer(m, ONESEED_KERAS_ONES, NONE);
}

static value constant(vm *m, const char *name, const char *names, constant_kind kind, double otherwise,
                      const struct arguments *arguments)
{
    value v;
    take_arguments(m, name, names, arguments, &v);
    value made = new_initializer(m, ONESEED_KERAS_ZEROS, NONE);
    initializer_of(made)->constant = kind;
    initializer_of(made)->number = or_default(m, v, otherwise, "a number");
    return made;
}

static value keras_Constant(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constant(m, "Constant", "value=", CONSTANT, 0, arguments);
}

static value keras_Identity(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constant(m, "Identity", "gain=", IDENTITY, 1, arguments);
}

/* --- The module --- */

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, keras_##name, NATIVE_CLASS, 0                                                                           \
    }
static const struct native initializers[] = {
    ENTRY(GlorotUniform),   ENTRY(GlorotNormal), ENTRY(HeUniform),
    ENTRY(HeNormal),        ENTRY(LecunUniform), ENTRY(LecunNormal),
    ENTRY(VarianceScaling), ENTRY(RandomNormal), ENTRY(RandomUniform),
    ENTRY(TruncatedNormal), ENTRY(Zeros),        ENTRY(Ones),
    ENTRY(Constant),        ENTRY(Identity),     {NULL, NULL, NATIVE_FUNCTION, 0}};
/* glorot_uniform is GlorotUniform. */
static value initializers_lookup(vm *m, const char *name)
{
    (void)m;
    for (const struct native *i = initializers; i->name; i++) {
        const char *a = i->name, *b = name;
        for (; *a != '\0'; a++) {
            bool upper = *a >= 'A' && *a <= 'Z';
            if (upper && a != i->name && *b++ != '_')
                break;
            if (*b++ != (upper ? *a + 32 : *a))
                break;
        }
        if (*a == '\0' && *b == '\0')
            return NATIVE(i);
    }
    return NOTHING;
}

const struct module module_keras_initializers = {"keras.initializers", initializers, initializers_lookup, NULL};
