/* torch_types.h - the arrays and generators of oneseed.torch, for the files that give them methods.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_TORCH_TYPES_H
#define ONESEED_PYTHON_TORCH_TYPES_H

#include "streams.h"

#include "oneseed.h" /* oneseed_torch */

#ifndef METH_FASTCALL
#define METH_FASTCALL 0x0080 /* limited from 3.10; the same since 3.7 */
#endif
#define TORCH_FAST (METH_FASTCALL | METH_KEYWORDS)
/* A function with these flags in a method table, which is written for another signature. */
#define TORCH_METHOD(name) ((PyCFunction)(uintptr_t)(name))

enum {
    TORCH_MAX_DIMS = 64,
    TORCH_MAX_PARAMETERS = 15,
    TORCH_FREE_GIL_AT = 4096 /* values: below, letting others run costs more than it gives */
};

torch_module *torch_module_of(PyObject *module);
/* Of an array or a generator. */
torch_module *torch_module_of_type(PyTypeObject *type);

/* ---- arrays ---- */

/* Values in memory of this array's own, or of `base`'s. Strides count elements and are never negative. */
typedef struct torch_array {
    PyObject_VAR_HEAD char *data;
    void *memory; /* what data lies in, when it is this array's own, and its bytes */
    size_t memory_nbytes;
    PyObject *base; /* who owns the memory otherwise */
    PyObject *weak_references;
    int64_t n; /* elements */
    oneseed_torch_dtype dtype;
    int ndim;
    int is_readonly;
    int64_t dims[]; /* the shape, then the strides */
} torch_array;

static inline int64_t *torch_strides(torch_array *array)
{
    return array->dims + array->ndim;
}

int torch_is_floating(oneseed_torch_dtype dtype);
/* "float32"; and as torch's messages have it, C++'s and ATen's: "float", "Float". */
const char *torch_name(oneseed_torch_dtype dtype);
const char *torch_c_name(oneseed_torch_dtype dtype);
const char *torch_aten_name(oneseed_torch_dtype dtype);

/* A new contiguous array, not initialised; NULL with torch's exception for a negative or too large shape. */
torch_array *torch_new(torch_module *m, oneseed_torch_dtype dtype, int ndim, const int64_t *shape);
/* A view of an array's memory; data lies within it. */
torch_array *torch_view(torch_array *of, char *data, int ndim, const int64_t *shape, const int64_t *strides);
/* An array over memory of owner's, of which the caller sets the dimensions and n. */
torch_array *torch_new_over(torch_module *m, PyObject *owner, char *data, oneseed_torch_dtype dtype, int ndim);
int torch_is_contiguous(const torch_array *array);
/* The array itself, or a contiguous copy: a new reference. */
torch_array *torch_contiguous(torch_module *m, torch_array *array);
/* An array like this one: a dense one keeps the order of its memory, another is contiguous. */
torch_array *torch_like(torch_module *m, torch_array *array, oneseed_torch_dtype dtype);
/* Its dimensions by falling stride: the order in which torch walks an output. */
void torch_memory_order(const torch_array *array, int order[TORCH_MAX_DIMS]);
/* Puts n contiguous values into the array, or takes them out, in the order of the array's memory (by_memory) or of its indices. */
void torch_scatter(torch_array *array, const char *from, int by_memory);
void torch_gather(const torch_array *array, char *to, int by_memory);

/* An object as an array: an Array, whatever has __dlpack__ or gives a buffer; a new reference. Others: a TypeError
 * "WHAT must be Tensor, not TYPE". */
torch_array *torch_as_array(torch_module *m, PyObject *object, const char *what);

/* The dtype of a letter of struct's (with its size), as buffers have it; 0 where there is none. */
int torch_dtype_of_format(const char *format, size_t n_bytes, oneseed_torch_dtype *out);

/* One element as Python's number, and the other way. */
PyObject *torch_item(oneseed_torch_dtype dtype, const void *at);
int torch_set_item(oneseed_torch_dtype dtype, void *at, PyObject *number);
double torch_half_to_double(uint16_t bits);
double torch_bfloat16_to_double(uint16_t bits);
uint16_t torch_double_to_half(double value);
uint16_t torch_double_to_bfloat16(double value);

extern PyMethodDef torch_dlpack_methods[], torch_inplace_methods[], torch_view_methods[];
PyObject *torch_transposed(PyObject *self, void *closure);
PyObject *torch_tuple_of(int n, const int64_t *numbers);
torch_array *torch_from_dlpack(torch_module *m, PyObject *object);
/* As torch_as_array, by way of the buffer where there is one: that is the shorter way into NumPy. */
torch_array *torch_from_numpy(torch_module *m, PyObject *object);

/* ---- generators ---- */

/* Of the CPU or of a GPU. */
typedef struct torch_generator {
    PyObject_HEAD PyThread_type_lock lock; /* of the state */
    PyObject *weak_references;
    int is_cuda;
    oneseed_torch cpu;
    oneseed_torch_cuda cuda;
} torch_generator;

/* The lock of a generator's state. Waiting lets other threads run. */
void torch_lock(torch_generator *generator);
void torch_unlock(torch_generator *generator);

/* A generator argument and a device: without a generator the device's default one (the CPU's without a device), without a device the
 * generator's. Borrowed. NULL with an exception, or without one for an object that is no generator. */
torch_generator *torch_generator_of(torch_module *m, PyObject *object, PyObject *device);
/* NULL with the exception for a function that is not known of generators of CUDA. */
oneseed_torch *torch_cpu_state(torch_generator *generator, const char *function);
/* Both at once: a generator of the CPU (None is the default one), or NULL with an exception. Borrowed. */
torch_generator *torch_read_generator(torch_module *m, PyObject *object, const char *function);

/* ---- arguments ---- */

/* The parameters of a function: those that may be positional come first. */
struct torch_signature {
    const char *function;
    int n_positional;
    const char *names[TORCH_MAX_PARAMETERS + 1];
};

/* The TypeError for a call that fits no overload; -1. */
int torch_refuse_call(const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n, PyObject *kwnames);

/* values[k], borrowed, for each name, NULL where it was not given. 0, or -1 with a TypeError. */
int torch_arguments(const struct torch_signature *signature, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                    PyObject **values);
int torch_has_keyword(PyObject *kwnames, const char *name);
struct torch_size {
    int ndim;
    int64_t dims[TORCH_MAX_DIMS];
};
/* A shape: one sequence of integers, or several integers (n of them). */
int torch_read_size(const char *function, PyObject *const *args, Py_ssize_t n, int position, struct torch_size *out);
/* The TypeError for a `size` that is none; -1. */
int torch_refuse_size(const char *function, int position, PyObject *object);
int torch_read_dtype(torch_module *m, PyObject *object, oneseed_torch_dtype *out);
/* Numbers; `name` and `position` are for the message. */
int torch_read_double(const char *function, const char *name, int position, PyObject *object, double *out);
int torch_read_int64(const char *function, const char *name, int position, PyObject *object, int64_t *out);
int torch_is_none(PyObject *object); /* not given, or None */
/* 1 for "cuda", 0 for "cpu", -1 with an exception; of no device `otherwise`. */
int torch_read_device(PyObject *object, int otherwise);

/* An exception whose message has the name of an object's type for its %U. */
void torch_type_error(PyObject *exception, const char *format, PyObject *object);
/* The exception for a generator that is none of ours. */
void torch_refuse_generator(PyObject *object);
/* torch's exception for a status that has no values in its message. */
PyObject *torch_refuse(oneseed_status status);
/* A RuntimeError (or another) with doubles as C++ prints them: each %g of the format. */
PyObject *torch_error(PyObject *type, const char *format, ...);

extern PyMethodDef torch_draw_functions[], torch_tensor_functions[], torch_module_functions[], torch_data_functions[],
    torch_dropout_functions[], torch_distribution_functions[];
int torch_add_array(PyObject *module, torch_module *m);
int torch_add_generator(PyObject *module, torch_module *m);

#endif
