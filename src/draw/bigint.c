/* bigint.c - integers of any size, as seeds and states need them.
 * SPDX-License-Identifier: MIT */
#include <limits.h> /* LLONG_MIN */
#include <math.h>   /* ldexp, frexp */
#include <stdlib.h> /* NULL */
#include <string.h> /* memcpy */

#include "draw/vm.h"

enum { MAX_LIMBS = 1 << 16, MAX_DECIMAL_DIGITS = 4300 /* Python's own limit of str(int) */ };

const uint32_t *big_limbs(value a, uint32_t small_out[2], size_t *n_out, bool *negative_out)
{
    if (a.kind == V_BIG) {
        *n_out = a.u.big->n;
        *negative_out = a.u.big->negative;
        return a.u.big->limbs;
    }
    uint64_t magnitude = a.u.i < 0 ? 0 - (uint64_t)a.u.i : (uint64_t)a.u.i;
    small_out[0] = (uint32_t)magnitude;
    small_out[1] = (uint32_t)(magnitude >> 32);
    *n_out = small_out[1] ? 2 : 1;
    *negative_out = a.u.i < 0;
    return small_out;
}

value big_from_limbs(vm *m, const uint32_t *limbs, size_t n, bool negative)
{
    while (n > 0 && limbs[n - 1] == 0)
        n--;
    if (n <= 2) {
        uint64_t magnitude = (n > 0 ? limbs[0] : 0) | (n > 1 ? (uint64_t)limbs[1] << 32 : 0);
        if (magnitude <= INT64_MAX)
            return INT(negative ? -(int64_t)magnitude : (int64_t)magnitude);
        if (negative && magnitude == (uint64_t)INT64_MAX + 1)
            return INT(INT64_MIN);
    }
    if (n > MAX_LIMBS)
        fail(m, "an integer of more than %d bits", 32 * MAX_LIMBS);
    struct big *b = heap_object(m, V_BIG, sizeof *b + n * sizeof *limbs);
    b->n = (uint32_t)n;
    b->negative = negative;
    memcpy(b->limbs, limbs, n * sizeof *limbs);
    return object_value(V_BIG, b);
}

value big_from_u64(vm *m, uint64_t x)
{
    return big_from_limbs(m, (uint32_t[]){(uint32_t)x, (uint32_t)(x >> 32)}, 2, false);
}

bool fits_u64(value a, uint64_t *out)
{
    uint32_t small[2];
    size_t n;
    bool negative;
    const uint32_t *limbs = big_limbs(a, small, &n, &negative);
    *out = limbs[0] | (n > 1 ? (uint64_t)limbs[1] << 32 : 0);
    return n <= 2 && (!negative || *out == 0);
}

static uint32_t *scratch(vm *m, size_t n)
{
    if (n > 2 * MAX_LIMBS + 4)
        fail(m, "an integer of more than %d bits", 32 * MAX_LIMBS);
    step(m, n / 8);
    struct big *b = heap_object(m, V_BIG, sizeof *b + n * sizeof(uint32_t));
    return b->limbs;
}

value big_from_digits(vm *m, const char *digits, size_t n, unsigned base)
{
    size_t n_limbs = n / 8 + 2, used = 1;
    if (base == 10 && n > MAX_DECIMAL_DIGITS)
        value_error(m, "Exceeds the limit (4300 digits) for integer string conversion: value has %zu digits", n);
    uint32_t *limbs = scratch(m, n_limbs);
    for (size_t i = 0; i < n; i++) {
        if (digits[i] == '_')
            continue;
        char c = digits[i];
        uint64_t carry = c <= '9' ? (uint64_t)(c - '0') : (uint64_t)((c | 32) - 'a' + 10);
        for (size_t k = 0; k < used; k++) {
            carry += (uint64_t)limbs[k] * base;
            limbs[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry)
            limbs[used++] = (uint32_t)carry;
    }
    return big_from_limbs(m, limbs, used, false);
}

value big_from_double(vm *m, double x)
{
    int exponent;
    if (isnan(x))
        value_error(m, "cannot convert float NaN to integer");
    if (isinf(x))
        fail(m, "OverflowError: cannot convert float infinity to integer");
    double fraction = frexp(fabs(x), &exponent); /* exact, as is ldexp */
    if (exponent <= 62)
        return INT((int64_t)x);
    uint64_t mantissa = (uint64_t)ldexp(fraction, 53);
    unsigned shift = (unsigned)exponent - 53;
    uint32_t limbs[40] = {0};
    limbs[shift / 32] = (uint32_t)(mantissa << shift % 32);
    limbs[shift / 32 + 1] = (uint32_t)(mantissa << shift % 32 >> 32);
    if (shift % 32)
        limbs[shift / 32 + 2] = (uint32_t)(mantissa >> (64 - shift % 32));
    return big_from_limbs(m, limbs, 40, x < 0);
}

uint64_t big_bit_length(value a)
{
    uint32_t small[2];
    size_t n;
    bool negative;
    const uint32_t *limbs = big_limbs(a, small, &n, &negative);
    uint64_t bits = 32 * (uint64_t)n;
    while (bits > 0 && (limbs[(bits - 1) / 32] >> (bits - 1) % 32 & 1) == 0)
        bits--;
    return bits;
}

static int compare_magnitudes(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    while (n_a > 0 && a[n_a - 1] == 0)
        n_a--;
    while (n_b > 0 && b[n_b - 1] == 0)
        n_b--;
    if (n_a != n_b)
        return n_a < n_b ? -1 : 1;
    for (size_t i = n_a; i-- > 0;)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

int big_compare(value a, value b)
{
    uint32_t small_a[2], small_b[2];
    size_t n_a, n_b;
    bool negative_a, negative_b;
    const uint32_t *la = big_limbs(a, small_a, &n_a, &negative_a), *lb = big_limbs(b, small_b, &n_b, &negative_b);
    if (negative_a != negative_b)
        return negative_a ? -1 : 1;
    int c = compare_magnitudes(la, n_a, lb, n_b);
    return negative_a ? -c : c;
}

value big_negate(vm *m, value a)
{
    uint32_t small[2];
    size_t n;
    bool negative;
    const uint32_t *limbs = big_limbs(a, small, &n, &negative);
    return big_from_limbs(m, limbs, n, !negative);
}

struct number { /* a view */
    const uint32_t *limbs;
    size_t n;
    bool negative;
    uint32_t small[2];
};

static value add(vm *m, const struct number *a, const struct number *b, bool b_negative)
{
    size_t n = (a->n > b->n ? a->n : b->n) + 1;
    uint32_t *out = scratch(m, n);
    if (a->negative == b_negative) {
        uint64_t carry = 0;
        for (size_t i = 0; i < n; i++) {
            carry += (i < a->n ? a->limbs[i] : 0) + (uint64_t)(i < b->n ? b->limbs[i] : 0);
            out[i] = (uint32_t)carry;
            carry >>= 32;
        }
        return big_from_limbs(m, out, n, b_negative);
    }
    const struct number *large = a, *little = b;
    bool negative = a->negative;
    if (compare_magnitudes(a->limbs, a->n, b->limbs, b->n) < 0) {
        large = b;
        little = a;
        negative = b_negative;
    }
    int64_t borrow = 0;
    for (size_t i = 0; i < n; i++) {
        borrow += (int64_t)(i < large->n ? large->limbs[i] : 0) - (int64_t)(i < little->n ? little->limbs[i] : 0);
        out[i] = (uint32_t)borrow;
        borrow = borrow < 0 ? -1 : 0;
    }
    return big_from_limbs(m, out, n, negative);
}

static value multiply(vm *m, const struct number *a, const struct number *b)
{
    uint32_t *out = scratch(m, a->n + b->n);
    step(m, a->n * b->n / 64);
    for (size_t i = 0; i < a->n; i++) {
        uint64_t carry = 0;
        for (size_t k = 0; k < b->n; k++) {
            carry += (uint64_t)a->limbs[i] * b->limbs[k] + out[i + k];
            out[i + k] = (uint32_t)carry;
            carry >>= 32;
        }
        out[i + b->n] = (uint32_t)carry;
    }
    return big_from_limbs(m, out, a->n + b->n, a->negative != b->negative);
}

/* Magnitudes, bit by bit for many limbs, limb by limb for one: what a seed or a state needs is small. */
static void divide_magnitudes(vm *m, const struct number *a, const struct number *b, uint32_t *quotient,
                              uint32_t *remainder)
{
    if (b->n == 1) {
        uint64_t rest = 0;
        for (size_t i = a->n; i-- > 0;) {
            rest = rest << 32 | a->limbs[i];
            quotient[i] = (uint32_t)(rest / b->limbs[0]);
            rest %= b->limbs[0];
        }
        remainder[0] = (uint32_t)rest;
        return;
    }
    size_t n = b->n + 1;
    step(m, 32 * a->n * n / 64);
    for (size_t bit = 32 * a->n; bit-- > 0;) {
        uint32_t in = a->limbs[bit / 32] >> bit % 32 & 1;
        for (size_t i = 0; i < n; i++) {
            uint32_t out = remainder[i] >> 31;
            remainder[i] = remainder[i] << 1 | in;
            in = out;
        }
        if (compare_magnitudes(remainder, n, b->limbs, b->n) < 0)
            continue;
        int64_t borrow = 0;
        for (size_t i = 0; i < n; i++) {
            borrow += (int64_t)remainder[i] - (int64_t)(i < b->n ? b->limbs[i] : 0);
            remainder[i] = (uint32_t)borrow;
            borrow = borrow < 0 ? -1 : 0;
        }
        quotient[bit / 32] |= 1u << bit % 32;
    }
}

static value divide(vm *m, operator op, const struct number *a, const struct number *b)
{
    if (b->n == 1 && b->limbs[0] == 0)
        fail(m, "ZeroDivisionError: integer division or modulo by zero");
    uint32_t *quotient = scratch(m, a->n + 1), *remainder = scratch(m, b->n + 1);
    divide_magnitudes(m, a, b, quotient, remainder);
    value q = big_from_limbs(m, quotient, a->n + 1, a->negative != b->negative);
    value r = big_from_limbs(m, remainder, b->n + 1, a->negative);
    bool rounded_up = a->negative != b->negative && !(r.kind == V_INT && r.u.i == 0);
    if (op == OP_FLOOR_DIVIDE)
        return rounded_up ? big_operate(m, OP_SUBTRACT, q, INT(1)) : q;
    return rounded_up ? big_operate(m, OP_ADD, r, big_from_limbs(m, b->limbs, b->n, b->negative)) : r;
}

static value power(vm *m, value a, value b)
{
    uint64_t exponent;
    if (!fits_u64(b, &exponent))
        fail(m, "an integer power of more than %d bits", 32 * MAX_LIMBS);
    uint64_t bits = big_bit_length(a);
    if (bits > 1 && exponent > 32 * (uint64_t)MAX_LIMBS / (bits - 1))
        fail(m, "an integer of more than %d bits", 32 * MAX_LIMBS);
    value result = INT(1);
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            result = big_operate(m, OP_MULTIPLY, result, a);
        if (exponent > 1)
            a = big_operate(m, OP_MULTIPLY, a, a);
    }
    return result;
}

static value shift(vm *m, operator op, value a, const struct number *x, const struct number *by)
{
    if (by->negative)
        value_error(m, "negative shift count");
    uint64_t n = by->limbs[0];
    if (by->n > 1 || n > 32 * (uint64_t)MAX_LIMBS) {
        if (op == OP_LEFT)
            fail(m, "an integer of more than %d bits", 32 * MAX_LIMBS);
        return INT(x->negative ? -1 : 0);
    }
    if (op == OP_RIGHT && x->negative) /* towards minus infinity */
        return big_operate(m, OP_FLOOR_DIVIDE, a, big_operate(m, OP_LEFT, INT(1), INT((int64_t)n)));
    size_t words = n / 32, n_bits = n % 32, n_out = op == OP_LEFT ? x->n + words + 1 : x->n > words ? x->n - words : 1;
    uint32_t *out = scratch(m, n_out + 1);
    for (size_t i = 0; i < n_out; i++) {
        if (op == OP_LEFT) {
            uint64_t low = i >= words && i - words < x->n ? x->limbs[i - words] : 0;
            uint64_t lower = i > words && i - words - 1 < x->n ? x->limbs[i - words - 1] : 0;
            out[i] = (uint32_t)((low << 32 | lower) << n_bits >> 32);
        } else {
            uint64_t low = i + words < x->n ? x->limbs[i + words] : 0;
            uint64_t high = i + words + 1 < x->n ? x->limbs[i + words + 1] : 0;
            out[i] = (uint32_t)((high << 32 | low) >> n_bits);
        }
    }
    return big_from_limbs(m, out, n_out, x->negative);
}

/* Two's complement, one limb more than the longer. */
static value bitwise(vm *m, operator op, const struct number *a, const struct number *b)
{
    size_t n = (a->n > b->n ? a->n : b->n) + 1;
    uint32_t *out = scratch(m, n);
    uint64_t carry_a = a->negative, carry_b = b->negative;
    for (size_t i = 0; i < n; i++) {
        uint32_t x = i < a->n ? a->limbs[i] : 0, y = i < b->n ? b->limbs[i] : 0;
        carry_a += a->negative ? ~x : x;
        carry_b += b->negative ? ~y : y;
        x = (uint32_t)carry_a;
        y = (uint32_t)carry_b;
        carry_a >>= 32;
        carry_b >>= 32;
        out[i] = op == OP_AND ? x & y : op == OP_OR ? x | y : x ^ y;
    }
    bool negative = out[n - 1] >> 31;
    uint64_t carry = 1;
    for (size_t i = 0; negative && i < n; i++) {
        carry += (uint32_t)~out[i];
        out[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return big_from_limbs(m, out, n, negative);
}

value big_operate(vm *m, operator op, value a, value b)
{
    struct number x, y;
    x.limbs = big_limbs(a, x.small, &x.n, &x.negative);
    y.limbs = big_limbs(b, y.small, &y.n, &y.negative);
    switch (op) {
    case OP_ADD:
        return add(m, &x, &y, y.negative);
    case OP_SUBTRACT:
        return add(m, &x, &y, !y.negative);
    case OP_MULTIPLY:
        return multiply(m, &x, &y);
    case OP_FLOOR_DIVIDE:
    case OP_MODULO:
        return divide(m, op, &x, &y);
    case OP_POWER:
        return power(m, a, b);
    case OP_LEFT:
    case OP_RIGHT:
        return shift(m, op, a, &x, &y);
    case OP_AND:
    case OP_OR:
    case OP_XOR:
        return bitwise(m, op, &x, &y);
    default:
        fail(m, "an operator that integers do not have");
    }
}

/* The nearest double (ties to even) of |a| * 2^shift_out: the upper 64 bits, the lowest of them sticky. */
static double rounded(value a, int *exponent_out)
{
    uint32_t small[2];
    size_t n;
    bool negative;
    const uint32_t *limbs = big_limbs(a, small, &n, &negative);
    uint64_t bits = big_bit_length(a), top = 0;
    bool sticky = false;
    *exponent_out = 0;
    for (uint64_t i = 0; i < bits; i++) {
        bool bit = limbs[i / 32] >> i % 32 & 1;
        if (i + 62 < bits)
            sticky = sticky || bit;
        else
            top |= (uint64_t)bit << (bits > 62 ? i - (bits - 62) : i);
    }
    if (bits > 62)
        *exponent_out = (int)(bits - 62);
    double x = (double)(int64_t)(top << 1 | sticky); /* 63 bits: the conversion rounds, once */
    *exponent_out -= 1;
    return negative ? -x : x;
}

double big_to_double(vm *m, value a)
{
    int exponent;
    double x = rounded(a, &exponent);
    if (big_bit_length(a) > 1024 || isinf(ldexp(x, exponent)))
        fail(m, "OverflowError: int too large to convert to float");
    return ldexp(x, exponent);
}

double big_true_divide(vm *m, value a, value b)
{
    /* Both exact as doubles: the division rounds once. Else the quotient is made 66 bits or longer, with a sticky bit. */
    uint64_t bits_a = big_bit_length(a), bits_b = big_bit_length(b);
    if (bits_b == 0)
        fail(m, "ZeroDivisionError: division by zero");
    if (bits_a <= 53 && bits_b <= 53)
        return (double)a.u.i / (double)b.u.i;
    int64_t scale = (int64_t)bits_b - (int64_t)bits_a + 66;
    value x = a, y = b;
    if (scale > 0)
        x = big_operate(m, OP_LEFT, a, INT(scale));
    else
        y = big_operate(m, OP_LEFT, b, INT(-scale));
    bool negative = (big_compare(x, INT(0)) < 0) != (big_compare(y, INT(0)) < 0);
    if (big_compare(x, INT(0)) < 0)
        x = big_negate(m, x);
    if (big_compare(y, INT(0)) < 0)
        y = big_negate(m, y);
    value q = big_operate(m, OP_FLOOR_DIVIDE, x, y), r = big_operate(m, OP_MODULO, x, y);
    q = big_operate(m, OP_LEFT, q, INT(1));
    if (big_compare(r, INT(0)) != 0)
        q = big_operate(m, OP_ADD, q, INT(1));
    int exponent;
    double d = rounded(q, &exponent);
    int64_t power_of_two = exponent - scale - 1;
    if (power_of_two > 2000 || power_of_two < -2000)
        fail(m, "OverflowError: integer division result too large for a float");
    d = ldexp(d, (int)power_of_two);
    if (isinf(d))
        fail(m, "OverflowError: integer division result too large for a float");
    return negative ? -d : d;
}

void put_big(struct writer *w, value a)
{
    if (a.kind != V_BIG) {
        put_format(w, "%lld", (long long)a.u.i);
        return;
    }
    if (big_bit_length(a) > 14286) /* of 4300 digits */
        value_error(w->m, "Exceeds the limit (4300 digits) for integer string conversion");
    if (a.u.big->negative)
        put_text(w, "-");
    put_big_base(w, a, 10, false);
}

void put_big_base(struct writer *w, value a, unsigned base, bool upper)
{
    uint32_t small[2];
    size_t n;
    bool negative;
    const uint32_t *limbs = big_limbs(a, small, &n, &negative);
    uint32_t *rest = scratch(w->m, n + 1);
    memcpy(rest, limbs, n * sizeof *rest);
    size_t n_digits = 0, n_room = 32 * n + 1;
    char *digits = (char *)scratch(w->m, n_room / 4 + 1);
    do {
        uint64_t carry = 0;
        for (size_t i = n; i-- > 0;) {
            carry = carry << 32 | rest[i];
            rest[i] = (uint32_t)(carry / base);
            carry %= base;
        }
        digits[n_room - ++n_digits] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[carry];
        while (n > 0 && rest[n - 1] == 0)
            n--;
    } while (n > 0);
    put(w, digits + n_room - n_digits, n_digits);
}
