/* parameters.h - what the draws of oneseed.jax and oneseed.tensorflow are called with: memory, and parameters that are numbers or arrays.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_PARAMETERS_H
#define ONESEED_PYTHON_PARAMETERS_H

#include "streams.h"

#ifndef METH_FASTCALL
#define METH_FASTCALL 0x0080 /* limited from 3.10; the same since 3.7 */
#endif
/* A function with that flag in a method table, which is written for another signature. */
#define FAST_FUNCTION(name) ((PyCFunction)(uintptr_t)(name))

enum {
    PARAMETERS_MAX = 4,
    PARAMETERS_FREE_GIL_AT = 4096 /* values: below, letting others run costs more than it gives */
};

/* A number, or as many as there are outputs. */
typedef struct parameter {
    double real;
    int64_t integer;
    const void *values; /* of 8 bytes each: at the number itself, or in the array's memory */
    size_t n;           /* 1, or how many outputs there are */
    python_buffer view; /* obj NULL: a number */
} parameter;

/* An object as n numbers of 8 bytes, float64 ('d') or int64 ('q'): a float or int, or a contiguous buffer; 'v' is a buffer of
 * float64 of any length. -1 with an exception. */
int parameter_read(PyObject *object, char kind, size_t n, parameter *out);
/* As many as `kinds` has letters; all of them, or none and -1. */
int parameters_read(PyObject *const *objects, const char *kinds, size_t n, parameter *out);
void parameters_free(parameter *parameters, int n);

/* Gives the module a dict of samplers' names and their places in a table of n rows, each of row_nbytes with its name at `name`. */
int parameters_add_handles(PyObject *module, const char *attribute, const char *const *name, size_t row_nbytes, int n);

#endif
