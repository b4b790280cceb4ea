/* bind_sklearn_data.c - scikit-learn's data sets that multiply matrices: make_regression and make_classification.
 * SPDX-License-Identifier: MIT */
#include "draw/bind.h"

/* The last bits of a product are those of a machine's BLAS: only who asks for the library's own sums gets them. */
static void need_products(vm *m, const char *name)
{
    if (!m->settings.has_fma_products)
        fail(m,
             "%s() multiplies matrices, and the last bits are those of the BLAS behind NumPy: --with blas=fma adds as "
             "OpenBLAS does for most small matrices",
             name);
}

static size_t count_of(vm *m, value v, int64_t otherwise, int64_t least, const char *name)
{
    int64_t n = v.kind == V_NOTHING ? otherwise : to_int64(m, v, name);
    if (n < least || n > INT32_MAX)
        fail(m, "InvalidParameterError: The '%s' parameter must be an int in the range [%lld, inf). Got %lld instead.",
             name, (long long)least, (long long)n);
    return (size_t)n;
}

static double number_of(vm *m, value v, double otherwise, const char *name)
{
    return v.kind == V_NOTHING ? otherwise : to_double(m, v, name);
}

static bool flag_of(vm *m, value v, bool otherwise)
{
    return v.kind == V_NOTHING ? otherwise : truth(m, v);
}

static struct array *new_array(vm *m, dtype dt, size_t n_rows, size_t n_columns)
{
    struct array *a = array_new(m, dt, 2, (int64_t[]){(int64_t)n_rows, (int64_t)n_columns}, 0);
    step(m, (uint64_t)array_size(a));
    return a;
}

static double *doubles(const struct array *a)
{
    return (double *)(void *)array_bytes(a);
}

static int64_t *integers(const struct array *a)
{
    return (int64_t *)(void *)array_bytes(a);
}

/* numpy.squeeze */
static value squeezed(vm *m, struct array *a)
{
    int64_t shape[MAX_DIMS];
    int n_dims = 0;
    for (int i = 0; i < a->n_dims; i++)
        if (a->shape[i] != 1)
            shape[n_dims++] = a->shape[i];
    return array_value(array_reshape(m, a, n_dims, shape));
}

value sklearn_make_regression(vm *m, value self, const struct arguments *arguments)
{
    value a[11];
    (void)self;
    take_arguments(m, "make_regression",
                   "n_samples= n_features= * n_informative= n_targets= bias= effective_rank= tail_strength= noise= "
                   "shuffle= coef= random_state=",
                   arguments, a);
    need_products(m, "make_regression");
    if (!is_none(a[5]))
        fail(m, "make_regression(): effective_rank goes through LAPACK, whose bits are those of a machine");
    oneseed_sklearn_regression p = {
        .n_samples = count_of(m, a[0], 100, 1, "n_samples"),
        .n_features = count_of(m, a[1], 100, 1, "n_features"),
        .n_informative = count_of(m, a[2], 10, 0, "n_informative"),
        .n_targets = count_of(m, a[3], 1, 1, "n_targets"),
        .bias = number_of(m, a[4], 0.0, "bias"),
        .noise = number_of(m, a[7], 0.0, "noise"),
        .shuffle = flag_of(m, a[8], true),
    };
    struct array *x = new_array(m, DT_FLOAT64, p.n_samples, p.n_features);
    struct array *y = new_array(m, DT_FLOAT64, p.n_samples, p.n_targets);
    struct array *coefficients = new_array(m, DT_FLOAT64, p.n_features, p.n_targets);
    step(m, (uint64_t)array_size(x) * p.n_targets);
    refuse(m,
           oneseed_sklearn_make_regression_fill(sklearn_state(m, a[10]), &p,
                                                integers(new_array(m, DT_INT64, 1, p.n_features)), doubles(x),
                                                doubles(y), doubles(coefficients)),
           false);
    value out = make_sequence(m, V_TUPLE, 2);
    out.u.seq->items[0] = array_value(x);
    out.u.seq->items[1] = squeezed(m, y);
    if (flag_of(m, a[9], false))
        append(m, out, squeezed(m, coefficients));
    return out;
}

/* One number for each of n columns; NULL for None, which is drawn. */
static const double *columns_of(vm *m, value v, double otherwise, size_t n)
{
    if (v.kind == V_NONE)
        return NULL;
    if (v.kind == V_NOTHING)
        v = FLOAT(otherwise);
    int64_t shape = (int64_t)n;
    struct array *given = array_as(m, array_from(m, v, DT_NONE), DT_FLOAT64);
    return doubles(array_copy(m, array_broadcast(m, given, 1, &shape)));
}

/* One for each class; NULL for equal ones. A last one that is left out is what is missing to 1: of a list as sum() adds, of an array
 * from the first on. */
static const double *weights_of(vm *m, value v, size_t n_classes)
{
    if (is_none(v))
        return NULL;
    size_t n = (size_t)value_length(m, v);
    if (n != n_classes && n != n_classes - 1)
        value_error(m, "Weights specified but incompatible with number of classes.");
    struct array *given = array_as(m, array_from(m, v, DT_NONE), DT_FLOAT64);
    double *weights = doubles(new_array(m, DT_FLOAT64, 1, n_classes)), sum = 0.0;
    for (size_t k = 0; k < n; k++) {
        weights[k] = doubles(given)[k];
        sum += weights[k];
    }
    if (n < n_classes) {
        struct arguments one = {.positional = &v, .n_positional = 1};
        if (v.kind == V_LIST)
            sum = to_double(m, find_native(builtins, "sum")->call(m, NONE, &one), "weights");
        weights[n] = 1.0 - sum;
    }
    return weights;
}

value sklearn_make_classification(vm *m, value self, const struct arguments *arguments)
{
    value a[16];
    size_t n_work, n_work_real;
    (void)self;
    take_arguments(m, "make_classification",
                   "n_samples= n_features= * n_informative= n_redundant= n_repeated= n_classes= n_clusters_per_class= "
                   "weights= flip_y= class_sep= hypercube= shift= scale= shuffle= random_state=",
                   arguments, a);
    need_products(m, "make_classification");
    oneseed_sklearn_classification p = {
        .n_samples = count_of(m, a[0], 100, 1, "n_samples"),
        .n_features = count_of(m, a[1], 20, 1, "n_features"),
        .n_informative = count_of(m, a[2], 2, 1, "n_informative"),
        .n_redundant = count_of(m, a[3], 2, 0, "n_redundant"),
        .n_repeated = count_of(m, a[4], 0, 0, "n_repeated"),
        .n_classes = count_of(m, a[5], 2, 1, "n_classes"),
        .n_clusters_per_class = count_of(m, a[6], 2, 1, "n_clusters_per_class"),
        .weights = weights_of(m, a[7], count_of(m, a[5], 2, 1, "n_classes")),
        .flip_y = number_of(m, a[8], 0.01, "flip_y"),
        .class_sep = number_of(m, a[9], 1.0, "class_sep"),
        .hypercube = flag_of(m, a[10], true),
        .shift = columns_of(m, a[11], 0.0, count_of(m, a[1], 20, 1, "n_features")),
        .scale = columns_of(m, a[12], 1.0, count_of(m, a[1], 20, 1, "n_features")),
        .shuffle = flag_of(m, a[13], true),
    };
    refuse(m, oneseed_sklearn_classification_work(&p, &n_work, &n_work_real), false);
    struct array *x = new_array(m, DT_FLOAT64, p.n_samples, p.n_features);
    int64_t n = (int64_t)p.n_samples;
    struct array *y = array_new(m, DT_INT64, 1, &n, 0);
    step(m, (uint64_t)p.n_samples * p.n_informative * (p.n_informative + p.n_redundant));
    refuse(m,
           oneseed_sklearn_make_classification_fill(sklearn_state(m, a[14]), &p,
                                                    integers(new_array(m, DT_INT64, 1, n_work)),
                                                    doubles(new_array(m, DT_FLOAT64, 1, n_work_real)), doubles(x),
                                                    integers(y), integers(new_array(m, DT_INT64, 1, p.n_features))),
           false);
    value out = make_sequence(m, V_TUPLE, 2);
    out.u.seq->items[0] = array_value(x);
    out.u.seq->items[1] = array_value(y);
    return out;
}
