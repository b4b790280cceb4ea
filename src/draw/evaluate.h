/* evaluate.h - what expressions, statements and functions call of each other.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_EVALUATE_H
#define ONESEED_DRAW_EVALUATE_H

#include "draw/syntax.h" /* node */

value evaluate(vm *m, const node *n);
void assign(vm *m, const node *target, value v);

/* lambda and def: the function, with its defaults evaluated. */
value make_function(vm *m, const node *n);
/* With `direct` nothing that only the caller holds is needed afterwards, so that memory may be swept meanwhile. */
value call_function(vm *m, value function, const struct arguments *arguments, bool direct);
/* The statements of a function; what `return` gives. */
value run_body(vm *m, node **items, size_t n);

#endif
