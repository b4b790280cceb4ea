/* keras_draws.h - what the files behind oneseed.keras share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_KERAS_DRAWS_H
#define ONESEED_PYTHON_KERAS_DRAWS_H

#include "numpy_state.h" /* numpy_readable, numpy_writable */

/* Which Keras: its eight numbers of 32 bits, as the members of oneseed_keras. -1 with an exception. */
int keras_read(PyObject *object, oneseed_keras *keras);
/* The exception for a status; NULL. */
PyObject *keras_refuse(oneseed_status status);

extern PyMethodDef keras_layer_functions[];

#endif
