/* axes.h - a frame of two axes on a sheet, and marks in their numbers.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_AXES_H
#define ONESEED_REPORT_AXES_H

#include "report/ink.h" /* struct ink */

enum { /* on white; the page's light colours */
       COLOUR_INK = 0x1d2329,
       COLOUR_MUTED = 0x566069,
       COLOUR_GRID = 0xe4e6e3,
       COLOUR_A = 0x2b5f8a,
       COLOUR_A_SOFT = 0xc5d6e5,
       COLOUR_B = 0xa84a14,
       COLOUR_B_SOFT = 0xecd0bd,
};

struct axes {
    struct ink *ink;
    double left, right, top, bottom; /* on the sheet */
    double x_low, x_high, y_low, y_high;
    bool x_log;            /* x_low > 0 */
    bool x_whole, y_whole; /* no ticks between whole numbers */
};

/* Widens low … high by a part of itself on both sides; to something when they are equal. */
void axes_widen(double *low, double *high, double part);
double axes_x(const struct axes *axes, double x);
double axes_y(const struct axes *axes, double y);
/* Grid, ticks, numbers and names; percent: numbers are shares. A NULL name leaves that axis without numbers. Y comes first: it moves
 * `left` where its numbers need more room. */
void axes_draw_x(const struct axes *axes, const char *name, bool percent);
void axes_draw_y(struct axes *axes, const char *name, bool percent);

/* Marks; what is not finite is left out. */
void axes_line(const struct axes *axes, const double *x, const double *y, size_t n, const struct ink_style *style);
void axes_band(const struct axes *axes, const double *x, const double *low, const double *high, size_t n, int colour,
               double opacity);
void axes_box(const struct axes *axes, double x1, double y1, double x2, double y2, const struct ink_style *style);
void axes_segment(const struct axes *axes, double x1, double y1, double x2, double y2, const struct ink_style *style);

#endif
