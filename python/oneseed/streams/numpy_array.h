/* numpy_array.h - arrays of the NumPy that is there, by its table of functions: made and looked at without a call of Python's.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STREAMS_NUMPY_ARRAY_H
#define ONESEED_STREAMS_NUMPY_ARRAY_H

#include "streams.h"

#include <stdbool.h> /* bool */

/* Most dimensions that are made here; NumPy has up to 32 or 64. */
enum { NUMPY_MOST_DIMS = 8 };

/* A shape, and its product: the elements. */
struct numpy_shape {
    int n_dims;
    Py_ssize_t extents[NUMPY_MOST_DIMS];
    Py_ssize_t n;
};

/* Whether NumPy's table has been given (`_numpy_use`), so that the functions below may be called. */
bool numpy_is_there(void);

/* A size: an int, or a tuple or list of ints. False, and no exception, for all else, for which np.empty has the words. */
bool numpy_read_shape(PyObject *size, struct numpy_shape *shape_out);
/* One more dimension. False as above. */
bool numpy_add_extent(PyObject *extent, struct numpy_shape *shape);

/* A new array of elements of a kind (the letter of the buffer protocol), not cleared. Large ones take memory that was used before. NULL
 * with an exception. */
PyObject *numpy_array_new(char kind, const struct numpy_shape *shape);

/* The kind of the elements of an array of ndarray itself that is aligned, in C order and writable; 0 for any other object. The functions
 * below are for such arrays. */
char numpy_plain_kind(PyObject *object);
void *numpy_data(PyObject *array);
/* False where there are too many dimensions. */
bool numpy_shape_of(PyObject *array, struct numpy_shape *shape_out);
PyObject *numpy_copy(PyObject *array);

size_t numpy_item_nbytes(char kind);
/* The scalar of a kind at an address. */
PyObject *numpy_scalar(char kind, void *data);
/* The kind that an object means as a dtype: a scalar type of NumPy's or its dtype; 0 for all else. */
char numpy_kind_of(PyObject *dtype);
/* The scalar type of a kind, borrowed; NULL without NumPy. */
PyObject *numpy_type_of(char kind);
/* An object of numpy.float64 itself. */
bool numpy_is_float64(PyObject *object);

extern PyMethodDef numpy_array_functions[];

#endif
