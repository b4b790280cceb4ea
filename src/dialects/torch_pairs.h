/* torch_pairs.h - numbers of twice a type's precision: a high part and a small low one, with fused operations.
 * SPDX-License-Identifier: MIT
 *
 * The operations of SLEEF (Shibata and Petrogiannis 2020) after Dekker (1971) and Knuth. Which one stands where
 * decides the last bits of its functions: `add` wants the larger summand first, `join` does not. */
#ifndef ONESEED_DIALECTS_TORCH_PAIRS_H
#define ONESEED_DIALECTS_TORCH_PAIRS_H

#include <math.h> /* fma */

#define TORCH_PAIRS(type, name, fma_of)                                                                                \
    typedef struct name {                                                                                              \
        type high, low;                                                                                                \
    } name;                                                                                                            \
                                                                                                                       \
    static inline name name##_normal(name x)                                                                           \
    {                                                                                                                  \
        const type s = x.high + x.low;                                                                                 \
        return (name){s, x.high - s + x.low};                                                                          \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_twice(name x)                                                                            \
    {                                                                                                                  \
        return (name){2 * x.high, 2 * x.low};                                                                          \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_add(name x, name y)                                                                      \
    {                                                                                                                  \
        const type s = x.high + y.high;                                                                                \
        return (name){s, x.high - s + y.high + x.low + y.low};                                                         \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_add_one(name x, type y)                                                                  \
    {                                                                                                                  \
        const type s = x.high + y;                                                                                     \
        return (name){s, x.high - s + y + x.low};                                                                      \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_one_add(type x, name y)                                                                  \
    {                                                                                                                  \
        const type s = x + y.high;                                                                                     \
        return (name){s, x - s + y.high + y.low};                                                                      \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_join(name x, name y)                                                                     \
    {                                                                                                                  \
        const type s = x.high + y.high, v = s - x.high;                                                                \
        return (name){s, x.high - (s - v) + (y.high - v) + (x.low + y.low)};                                           \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_join_one(name x, type y)                                                                 \
    {                                                                                                                  \
        const type s = x.high + y, v = s - x.high;                                                                     \
        return (name){s, x.high - (s - v) + (y - v) + x.low};                                                          \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_multiply(name x, name y)                                                                 \
    {                                                                                                                  \
        const type s = x.high * y.high;                                                                                \
        return (name){s, fma_of(x.high, y.low, fma_of(x.low, y.high, fma_of(x.high, y.high, -s)))};                    \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_multiply_one(name x, type y)                                                             \
    {                                                                                                                  \
        const type s = x.high * y;                                                                                     \
        return (name){s, fma_of(x.low, y, fma_of(x.high, y, -s))};                                                     \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_square(name x)                                                                           \
    {                                                                                                                  \
        const type s = x.high * x.high;                                                                                \
        return (name){s, fma_of(x.high + x.high, x.low, fma_of(x.high, x.high, -s))};                                  \
    }                                                                                                                  \
                                                                                                                       \
    static inline name name##_divide(name n, name d)                                                                   \
    {                                                                                                                  \
        const type t = 1 / d.high, s = n.high * t;                                                                     \
        const type rest = fma_of(-d.low, t, fma_of(-d.high, t, 1));                                                    \
        return (name){s, fma_of(s, rest, fma_of(n.low, t, fma_of(t, n.high, -s)))};                                    \
    }

TORCH_PAIRS(float, pair_f32, fmaf)
TORCH_PAIRS(double, pair_f64, fma)

#endif
