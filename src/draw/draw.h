/* draw.h - runs the lines of `oneseed draw` and prints as the frameworks' prompt would.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_DRAW_H
#define ONESEED_DRAW_DRAW_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

typedef enum draw_format { DRAW_TEXT, DRAW_JSON, DRAW_CSV, DRAW_NPY, DRAW_RAW, DRAW_HEX } draw_format;

struct draw_settings {
    uint32_t python_version; /* 3.11 is 311; 0: the newest known */
    uint32_t numpy_version;  /* 2.4.1 is 20401; 0: the newest known */
    bool has_hash_seed;
    uint32_t hash_seed;            /* PYTHONHASHSEED */
    bool has_fma_products;         /* products of matrices, which NumPy leaves to a BLAS, are summed by fma */
    uint32_t torch_version;        /* 2.6.0 is 20600; 0: the newest known */
    uint32_t torch_cpu;            /* an oneseed_torch_cpu; 0: what torch would choose here */
    uint32_t torch_has_mkl;        /* 1: a build with MKL, as the wheels for x86 are */
    uint32_t jax_version;          /* 0.4.35 is 435; 0: the newest known */
    uint32_t keras_version;        /* 3.4.1 is 30401; 0: the newest known */
    uint32_t keras_backend;        /* an oneseed_keras_backend */
    uint32_t gpu_sms, gpu_threads; /* the shape of a GPU; 0: none was named */
    draw_format format;
    bool explain;
    bool is_script;       /* a file: its docstring is no line of the prompt */
    size_t n_jobs;        /* threads that draw large arrays; 0 is 1 */
    size_t max_nbytes;    /* of the heap */
    uint64_t max_n_steps; /* 0: no limit */
    /* The answer. False: it cannot be written, and the run ends. */
    bool (*write)(void *context, const char *bytes, size_t nbytes);
    /* What print() says when the answer is not text. */
    void (*aside)(void *context, const char *bytes, size_t nbytes);
    /* Now and then in long work; total 0: unknown. May be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
};

typedef enum draw_result { DRAW_DONE, DRAW_FAILED, DRAW_NOT_WRITTEN } draw_result;

/* Runs the lines. DRAW_FAILED: the reason is in error_out, one line. What was printed before stays. */
draw_result draw_run(const struct draw_settings *settings, const char *text, size_t text_nbytes, char *error_out,
                     size_t error_size);

#endif
