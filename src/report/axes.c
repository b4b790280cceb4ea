/* axes.c - a frame of two axes on a sheet, and marks in their numbers.
 * SPDX-License-Identifier: MIT */
#include "report/axes.h"

#include <math.h>   /* log10, floor */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* malloc, abort */
#include <string.h> /* strlen */

enum { ACROSS = 8, ACROSS_LOG = 12, UPWARD = 8, TICKS_MOST = 64 }; /* ticks */
enum { TEXT_SIZE = 12, AIR = 16, EDGE = 38, NAME_AT = 18 };
static const double digit_width = 7.7; /* the width of a digit of a wide font */

void axes_widen(double *low, double *high, double part)
{
    double width = *high - *low;
    if (!(width > 0))
        width = *low == 0 ? 1 : fabs(*low) * 0.1;
    *low -= part * width;
    *high += part * width;
}

double axes_x(const struct axes *axes, double x)
{
    double at = axes->x_log ? log(x / axes->x_low) / log(axes->x_high / axes->x_low)
                            : (x - axes->x_low) / (axes->x_high - axes->x_low);
    return axes->left + at * (axes->right - axes->left);
}

double axes_y(const struct axes *axes, double y)
{
    return axes->bottom - (y - axes->y_low) / (axes->y_high - axes->y_low) * (axes->bottom - axes->top);
}

/* What stands beside ticks. */
struct ticks {
    double at[TICKS_MOST], step;
    size_t n;
    bool percent;
};

/* Decimals tell the ticks apart. */
static void format_tick(char *text, size_t nbytes, const struct ticks *ticks, double number)
{
    const double unit = ticks->percent ? 100 : 1, largest = fabs(ticks->at[0]) + (double)ticks->n * ticks->step;
    const int decimals = (int)fmax(0, -floor(log10(ticks->step * unit) + 1e-9));
    if (ticks->percent)
        snprintf(text, nbytes, "%.*f %%", decimals, 100 * number);
    else if (decimals > 8 || largest >= 1e15)
        snprintf(text, nbytes, "%.*g", (int)fmin(17, fmax(3, ceil(log10(largest / ticks->step)) + 1)), number);
    else
        snprintf(text, nbytes, "%.*f", decimals, number == 0 ? 0 : number);
}

static double widest(const struct ticks *ticks)
{
    size_t letters = 0;
    char text[40];
    for (size_t i = 0; i < ticks->n; i++) {
        format_tick(text, sizeof text, ticks, ticks->at[i]);
        letters = strlen(text) > letters ? strlen(text) : letters;
    }
    return digit_width * (double)letters;
}

/* At most so many, at equal steps of 1, 2 or 5 times a power of ten. */
static void even_ticks(double low, double high, size_t most, bool whole, struct ticks *ticks)
{
    static const double parts[] = {1, 2, 5, 10, 20};
    const double power = pow(10, floor(log10((high - low) / (double)most)));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ticks->step = power * parts[i];
        if (floor(high / ticks->step + 1e-9) - ceil(low / ticks->step - 1e-9) < (double)most)
            break;
    }
    if (whole && ticks->step < 1)
        ticks->step = 1;
    ticks->n = 0;
    for (double k = ceil(low / ticks->step - 1e-9);
         k * ticks->step <= high + 1e-9 * ticks->step && ticks->n < TICKS_MOST; k++)
        ticks->at[ticks->n++] = k * ticks->step + 0.0; /* no -0 */
}

/* 1, 2, 5, 10, …; when those are too many, powers of ten. */
static void log_ticks(double low, double high, size_t most, struct ticks *ticks)
{
    static const double parts[] = {1, 2, 5};
    ticks->step = 1;
    for (size_t n_parts = 3;; n_parts = 1) {
        ticks->n = 0;
        for (double power = pow(10, floor(log10(low))); power <= high * 1.0001 && ticks->n < TICKS_MOST; power *= 10)
            for (size_t i = 0; i < n_parts && ticks->n < TICKS_MOST; i++)
                if (parts[i] * power >= low * 0.9999 && parts[i] * power <= high * 1.0001)
                    ticks->at[ticks->n++] = parts[i] * power;
        if (ticks->n <= most || n_parts == 1)
            return;
    }
}

void axes_draw_x(const struct axes *axes, const char *name, bool percent)
{
    const struct ink_style line = {.fill = INK_NONE, .stroke = COLOUR_MUTED, .width = 1};
    const struct ink_device *device = axes->ink->device;
    struct ink_point base[2] = {{axes->left, axes->bottom}, {axes->right, axes->bottom}};
    struct ticks ticks = {.percent = percent};
    char text[40];

    device->shape(axes->ink, base, 2, false, &line);
    if (!name)
        return;
    for (size_t most = axes->x_log ? ACROSS_LOG : ACROSS; most >= 1; most--) { /* until there is room for the labels */
        if (axes->x_log)
            log_ticks(axes->x_low, axes->x_high, most, &ticks);
        else
            even_ticks(axes->x_low, axes->x_high, most, axes->x_whole, &ticks);
        if ((double)ticks.n * (widest(&ticks) + AIR) <= axes->right - axes->left)
            break;
    }
    for (size_t i = 0; i < ticks.n; i++) {
        double x = axes_x(axes, ticks.at[i]);
        struct ink_point tick[2] = {{x, axes->bottom}, {x, axes->bottom + 5}};
        device->shape(axes->ink, tick, 2, false, &line);
        format_tick(text, sizeof text, &ticks, ticks.at[i]);
        /* At the right end a wide one keeps off the edge of the sheet. */
        double over = x + digit_width * (double)strlen(text) / 2 - (axes->right + EDGE);
        device->text(axes->ink, over > 0 ? x - over : x, axes->bottom + 19, TEXT_SIZE, INK_MIDDLE, false, COLOUR_MUTED,
                     text);
    }
    device->text(axes->ink, (axes->left + axes->right) / 2, axes->bottom + 39, TEXT_SIZE + 1, INK_MIDDLE, false,
                 COLOUR_INK, name);
}

void axes_draw_y(struct axes *axes, const char *name, bool percent)
{
    const struct ink_style grid = {.fill = INK_NONE, .stroke = COLOUR_GRID, .width = 1};
    const struct ink_device *device = axes->ink->device;
    struct ticks ticks = {.percent = percent};
    char text[40];

    if (!name)
        return;
    even_ticks(axes->y_low, axes->y_high, UPWARD, axes->y_whole, &ticks);
    axes->left = fmax(axes->left, NAME_AT + TEXT_SIZE + widest(&ticks) + 7);
    for (size_t i = 0; i < ticks.n; i++) {
        double y = axes_y(axes, ticks.at[i]);
        struct ink_point across[2] = {{axes->left, y}, {axes->right, y}};
        device->shape(axes->ink, across, 2, false, &grid);
        format_tick(text, sizeof text, &ticks, ticks.at[i]);
        device->text(axes->ink, axes->left - 7, y + 4, TEXT_SIZE, INK_END, false, COLOUR_MUTED, text);
    }
    device->text(axes->ink, NAME_AT, (axes->top + axes->bottom) / 2, TEXT_SIZE + 1, INK_MIDDLE, true, COLOUR_INK, name);
}

static struct ink_point *place(const struct axes *axes, const double *x, const double *y, size_t n, size_t *n_out)
{
    struct ink_point *points = malloc((n + 1) * sizeof *points);
    size_t at = 0;

    if (!points)
        abort();
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i]))
            points[at++] = (struct ink_point){axes_x(axes, x[i]), axes_y(axes, y[i])};
    *n_out = at;
    return points;
}

void axes_line(const struct axes *axes, const double *x, const double *y, size_t n, const struct ink_style *style)
{
    size_t n_points;
    struct ink_point *points = place(axes, x, y, n, &n_points);
    if (n_points > 1)
        axes->ink->device->shape(axes->ink, points, n_points, false, style);
    free(points);
}

void axes_band(const struct axes *axes, const double *x, const double *low, const double *high, size_t n, int colour,
               double opacity)
{
    const struct ink_style style = {.fill = colour, .stroke = INK_NONE, .opacity = opacity};
    double *both_x = malloc((2 * n + 1) * sizeof *both_x), *both_y = malloc((2 * n + 1) * sizeof *both_y);
    size_t n_both = 0, n_points;

    if (!both_x || !both_y)
        abort();
    for (size_t i = 0; i < n; i++) {
        both_x[n_both] = x[i];
        both_y[n_both++] = isfinite(low[i]) ? high[i] : NAN;
    }
    for (size_t i = n; i-- > 0;) {
        both_x[n_both] = x[i];
        both_y[n_both++] = isfinite(high[i]) ? low[i] : NAN;
    }
    struct ink_point *points = place(axes, both_x, both_y, n_both, &n_points);
    if (n_points > 2)
        axes->ink->device->shape(axes->ink, points, n_points, true, &style);
    free(points);
    free(both_x);
    free(both_y);
}

void axes_box(const struct axes *axes, double x1, double y1, double x2, double y2, const struct ink_style *style)
{
    double a = axes_x(axes, x1), b = axes_x(axes, x2), c = axes_y(axes, y1), d = axes_y(axes, y2);
    const struct ink_point points[4] = {{a, c}, {b, c}, {b, d}, {a, d}};
    axes->ink->device->shape(axes->ink, points, 4, true, style);
}

void axes_segment(const struct axes *axes, double x1, double y1, double x2, double y2, const struct ink_style *style)
{
    const struct ink_point points[2] = {{axes_x(axes, x1), axes_y(axes, y1)}, {axes_x(axes, x2), axes_y(axes, y2)}};
    axes->ink->device->shape(axes->ink, points, 2, false, style);
}
