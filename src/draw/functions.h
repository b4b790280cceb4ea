/* functions.h - a function that the lines define.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_FUNCTIONS_H
#define ONESEED_DRAW_FUNCTIONS_H

#include "draw/syntax.h" /* node */

struct function {
    object header;
    const node *node;    /* N_LAMBDA or N_DEF */
    struct scope *scope; /* where it was defined */
    value defaults;      /* one for each parameter; V_NOTHING: none */
};

#endif
