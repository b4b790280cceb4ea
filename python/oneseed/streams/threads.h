/* threads.h - on how many threads the modules of the package draw large arrays.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PYTHON_THREADS_H
#define ONESEED_PYTHON_THREADS_H

#include "oneseed.h" /* oneseed_threads */

enum streams_threads { STREAMS_TORCH_THREADS, STREAMS_NUMPY_THREADS, STREAMS_N_THREADS };

/* What set_num_threads() said, 1 at first. Without the GIL, too. */
oneseed_threads streams_threads(enum streams_threads which);

#endif
