/* sequences.h - lists, tuples, strings, dicts, sets: indices, and their methods.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_SEQUENCES_H
#define ONESEED_DRAW_SEQUENCES_H

#include "draw/vm.h" /* value */

/* What a slice takes of n items: the first, the distance, how many. */
void slice_bounds(vm *m, const struct slice *slice, int64_t n, int64_t *start_out, int64_t *step_out,
                  int64_t *count_out);
/* Character i of a text as bytes. */
const char *text_at(const struct text *text, size_t i, size_t *nbytes_out);
/* Stable; key: a function or None. */
void sort_values(vm *m, value *items, size_t n, value key, bool reversed);

extern const struct native list_methods[], tuple_methods[], str_methods[], dict_methods[], set_methods[],
    range_methods[], bytes_methods[], int_methods[], float_methods[];

#endif
