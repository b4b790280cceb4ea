/* torch_draws.h - how oneseed.torch fills an array, and what its functions have in common.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_TORCH_DRAWS_H
#define ONESEED_PYTHON_TORCH_DRAWS_H

#include "torch_types.h"

/* One fill: a function of the library's with its parameters, and the words for its refusals. */
struct torch_fill {
    oneseed_status (*run)(oneseed_torch *state, oneseed_torch_dtype dtype, const struct torch_fill *fill, void *out,
                          size_t n);
    /* For arrays that are not contiguous; NULL: the same in the order of their memory. */
    oneseed_status (*run_noncontiguous)(oneseed_torch *state, oneseed_torch_dtype dtype, const struct torch_fill *fill,
                                        void *out, size_t n);
    /* For generators of CUDA; NULL: not known. */
    oneseed_status (*run_cuda)(oneseed_torch_cuda *state, oneseed_torch_dtype dtype, const struct torch_fill *fill,
                               void *out, size_t n);
    int is_sequence;    /* 1: a part of the values is drawn by the same function, so that threads may draw parts */
    const char *kernel; /* ATen's name of it, in messages */
    double a, b;        /* real parameters, in the order of the call */
    int64_t from, to;   /* whole ones */
    torch_array
        *tensors[2];   /* parameters that are tensors, of the shape of the output or broadcast to it; NULL: none */
    const void *in[2]; /* their values, one for each of the output's, in its order: set by torch_run_fill() */
};

/* Fills the array. 0, or -1 with torch's exception. */
int torch_run_fill(torch_generator *generator, torch_array *array, const struct torch_fill *fill);
/* The array seen in a larger shape, with strides of 0; NULL with torch's exception where it does not fit. */
torch_array *torch_expand(torch_array *array, int ndim, const int64_t *shape);

/* Functions that fill, of the library's for plain parameters, for whoever makes a struct torch_fill. */
#define TORCH_RUN(name)                                                                                                \
    oneseed_status torch_run_##name(oneseed_torch *state, oneseed_torch_dtype dtype, const struct torch_fill *fill,    \
                                    void *out, size_t n)
#define TORCH_CUDA(name)                                                                                               \
    oneseed_status torch_cuda_##name(oneseed_torch_cuda *state, oneseed_torch_dtype dtype,                             \
                                     const struct torch_fill *fill, void *out, size_t n)
TORCH_RUN(normal);
TORCH_RUN(normal_noncontiguous);
TORCH_RUN(randint);
TORCH_RUN(bernoulli);
TORCH_RUN(bernoulli_tensor);
TORCH_CUDA(normal);
TORCH_CUDA(randint);
TORCH_CUDA(bernoulli);
TORCH_CUDA(bernoulli_tensor);

/* The keywords that all functions have which make an array; they come in this order in a signature. */
#define TORCH_OPTIONS      "generator", "out", "dtype", "layout", "device", "pin_memory", "requires_grad"
#define TORCH_LIKE_OPTIONS "generator", "dtype", "layout", "device", "pin_memory", "requires_grad", "memory_format"
struct torch_options {
    torch_generator *generator;
    PyObject *out_object; /* what the caller gave, borrowed; NULL: a new array is made */
    oneseed_torch_dtype dtype;
    int has_dtype;
};

/* f(*size, ...) or f(size, ...): `size` is the first name of the signature, and none is positional for the parser. */
int torch_read_sized(const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                     PyObject **values, struct torch_size *size);
/* 1, 0 for a call that torch's parser refuses, or -1 with an exception. `options` are the values of TORCH_OPTIONS. */
int torch_read_options(torch_module *m, PyObject *const *options, oneseed_torch_dtype default_dtype,
                       struct torch_options *out);
int torch_read_like_options(torch_module *m, PyObject *const *options, oneseed_torch_dtype default_dtype,
                            struct torch_options *out);
/* The array to fill, new or the caller's. */
torch_array *torch_make_out(torch_module *m, const struct torch_options *options, int ndim, const int64_t *shape);
/* What the call gives back: the array (whose reference is used up), or what the caller gave as `out`; NULL when it failed. */
PyObject *torch_finish(torch_array *array, const struct torch_options *options, int failed);

#endif
