/* bind_choose.h - the methods of bind_choose.c, for the two tables.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_BIND_CHOOSE_H
#define ONESEED_DRAW_BIND_CHOOSE_H

#include "draw/vm.h" /* value */

value legacy_shuffle(vm *m, value self, const struct arguments *arguments);
value legacy_permutation(vm *m, value self, const struct arguments *arguments);
value legacy_choice(vm *m, value self, const struct arguments *arguments);
value legacy_multinomial(vm *m, value self, const struct arguments *arguments);
value legacy_dirichlet(vm *m, value self, const struct arguments *arguments);
value generator_shuffle(vm *m, value self, const struct arguments *arguments);
value generator_permutation(vm *m, value self, const struct arguments *arguments);
value generator_permuted(vm *m, value self, const struct arguments *arguments);
value generator_choice(vm *m, value self, const struct arguments *arguments);
value generator_multinomial(vm *m, value self, const struct arguments *arguments);
value generator_dirichlet(vm *m, value self, const struct arguments *arguments);
value generator_multivariate_hypergeometric(vm *m, value self, const struct arguments *arguments);
value multivariate_normal(vm *m, value self, const struct arguments *arguments);

#endif
