/* answer.h - the last value in the formats that are not the prompt's.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_ANSWER_H
#define ONESEED_DRAW_ANSWER_H

#include "draw/vm.h" /* value */

void write_answer(vm *m, value v);

#endif
