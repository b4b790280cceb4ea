/* tensorflow_libm.c - Box and Muller's normals in float32 as TensorFlow has them of glibc's logf, sinf and cosf; many at once.
 * SPDX-License-Identifier: MIT
 *
 * BoxMullerFloat of tsl/lib/random/random_distributions_utils.h, TensorFlow 2.21, calls libm, and so do we. It does so with 2^23 numbers
 * each: for all of them glibc 2.28 and later (the routines of Arm, sysdeps/ieee754/flt-32/e_logf.c, s_sincosf.h) give what the formulas
 * below give in double, with and without fused multiplications. Where the libm that is there is that one, as some numbers tell, the
 * formulas take its place, since vectors can be made of them. */
#include "dialects/tensorflow_libm.h"

#include <math.h> /* logf, sinf, cosf, sqrtf */

#include "common/simd.h" /* SIMD_VARIANTS */

SIMD_BODY float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

SIMD_BODY uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* 1 / c and log c for c near the middle of a sixteenth of [0.7, 1.4): the table of Arm's routine. */
static const double reciprocals[16] = {
    0x1.661ec79f8f3bep+0, 0x1.571ed4aaf883dp+0, 0x1.49539f0f010bp+0,  0x1.3c995b0b80385p+0, 0x1.30d190c8864a5p+0,
    0x1.25e227b0b8eap+0,  0x1.1bb4a4a1a343fp+0, 0x1.12358f08ae5bap+0, 0x1.0953f419900a7p+0, 0x1p+0,
    0x1.e608cfd9a47acp-1, 0x1.ca4b31f026aap-1,  0x1.b2036576afce6p-1, 0x1.9c2d163a1aa2dp-1, 0x1.886e6037841edp-1,
    0x1.767dcf5534862p-1};
static const double logarithms[16] = {
    -0x1.57bf7808caadep-2, -0x1.2bef0a7c06ddbp-2, -0x1.01eae7f513a67p-2, -0x1.b31d8a68224e9p-3, -0x1.6574f0ac07758p-3,
    -0x1.1aa2bc79c81p-3,   -0x1.a4e76ce8c0e5ep-4, -0x1.1973c5a611cccp-4, -0x1.252f438e10c1ep-5, 0x0p+0,
    0x1.aa5aa5df25984p-5,  0x1.c5e53aa362eb4p-4,  0x1.526e57720db08p-3,  0x1.bc2860d22477p-3,   0x1.1058bc8a07ee1p-2,
    0x1.4043057b6ee09p-2};

/* Of a positive, normal and finite number: x = 2^e z, log x = e log 2 + log c + log(1 + (z / c - 1)). */
SIMD_BODY float known_log(float x)
{
    const uint32_t bits = bits_of(x), above = bits - 0x3f330000u;
    const int32_t exponent = (int32_t)above >> 23;
    const size_t sixteenth = above >> 19 & 15;
    const double r = (double)float_of(bits - (above & 0xff800000u)) * reciprocals[sixteenth] - 1;
    const double whole = logarithms[sixteenth] + (double)exponent * 0x1.62e42fefa39efp-1;
    const double r2 = r * r, upper = -0x1.00ea348b88334p-2 * r2 + (0x1.5575b0be00b6ap-2 * r - 0x1.ffffef20a4123p-2);
    return (float)(upper * r2 + (whole + r));
}

/* Of x in [0, 2 pi]: the nearest multiple of pi / 2 away, a polynomial for each, and which of them is which. */
SIMD_BODY void known_sine_cosine(float x, float *sine, float *cosine)
{
    const int32_t quarter = ((int32_t)((double)x * 0x1.45f306dc9c883p+23) + 0x800000) >> 24;
    const double y = (double)x - (double)quarter * 0x1.921fb54442d18p0, y2 = y * y, y3 = y * y2, y4 = y2 * y2;
    const double s = (y + y3 * -0x1.555545995a603p-3) + y3 * y2 * (0x1.1107605230bc4p-7 + y2 * -0x1.994eb3774cf24p-13);
    const double c = ((1 + y2 * -0x1.ffffffd0c621cp-2) + y4 * 0x1.55553e1068f19p-5) +
                     y4 * y2 * (-0x1.6c087e89a359dp-10 + y2 * 0x1.99343027bf8c3p-16);
    const uint32_t s_bits = bits_of((float)s), c_bits = bits_of((float)c), exchanged = 0 - ((uint32_t)quarter & 1);
    const uint32_t sine_sign = (uint32_t)quarter >> 1 << 31, cosine_sign = (uint32_t)(quarter + 1) >> 1 << 31;
    *sine = float_of((s_bits & ~exchanged) ^ (c_bits & exchanged) ^ sine_sign);
    *cosine = float_of((c_bits & ~exchanged) ^ (s_bits & exchanged) ^ cosine_sign);
}

/* The numbers of the words: log's argument, and an angle. */
SIMD_BODY float radicand_of(uint32_t word)
{
    const float u = (float)(int32_t)(word & 0x7fffffu) * 0x1p-23f;
    return u < 1.0e-7f ? 1.0e-7f : u;
}

SIMD_BODY float angle_of(uint32_t word)
{
    return (float)(2.0 * 3.14159265358979323846 * (double)((float)(int32_t)(word & 0x7fffffu) * 0x1p-23f));
}

/* Numbers of which the routine's results are not the nearest to the true ones, so that no libm has them that is better or worse. */
bool tensorflow_libm_is_known(void)
{
    static const uint32_t words[][3] = {
        {0x69a324, 0x7b2be2, 0x5019ab}, {0x7e30a1, 0x7a3d0b, 0x6580ee}, {0x748603, 0x38aba6, 0x636ef1},
        {0x36b5d1, 0x42b071, 0x143844}, {0x38d62a, 0x31018d, 0x2b2b09}, {0x7e95cb, 0x49a5e3, 0x1ca001},
        {0x65ce7c, 0x7e6c8b, 0x5611a8}, {0x71f90d, 0x79769b, 0x2a8160},
    };
    bool is_known = true;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        const float x = radicand_of(words[k][0]), angles[2] = {angle_of(words[k][1]), angle_of(words[k][2])};
        float sine, cosine, other;
        known_sine_cosine(angles[0], &sine, &other);
        known_sine_cosine(angles[1], &other, &cosine);
        is_known = is_known && logf(x) == known_log(x) && sinf(angles[0]) == sine && cosf(angles[1]) == cosine;
    }
    return is_known;
}

/* In steps, each a loop of its own, that compilers make vectors of. */
enum { AT_ONCE = 128 };

SIMD_BODY void some_known_normals(const uint32_t *restrict words, float *restrict out, size_t n_pairs)
{
    float radii[AT_ONCE], angles[AT_ONCE];
    for (size_t k = 0; k < n_pairs; k++) {
        radii[k] = radicand_of(words[2 * k]);
        angles[k] = angle_of(words[2 * k + 1]);
    }
    for (size_t k = 0; k < n_pairs; k++)
        radii[k] = sqrtf(-2.0f * known_log(radii[k]));
    for (size_t k = 0; k < n_pairs; k++) {
        float sine, cosine;
        known_sine_cosine(angles[k], &sine, &cosine);
        out[2 * k] = sine * radii[k];
        out[2 * k + 1] = cosine * radii[k];
    }
}

SIMD_BODY void known_normals_body(const uint32_t *words, float *out, size_t n_pairs)
{
    for (; n_pairs > AT_ONCE; n_pairs -= AT_ONCE, words += 2 * AT_ONCE, out += 2 * AT_ONCE)
        some_known_normals(words, out, AT_ONCE);
    some_known_normals(words, out, n_pairs);
}

SIMD_VARIANTS(static void, known_normals, (const uint32_t *words, float *out, size_t n_pairs), (words, out, n_pairs))

void tensorflow_normals_f32(bool is_known, const uint32_t *words, float *out, size_t n_pairs)
{
    if (is_known) {
        known_normals(words, out, n_pairs);
        return;
    }
    for (size_t k = 0; k < n_pairs; k++) {
        const float radius = sqrtf(-2.0f * logf(radicand_of(words[2 * k]))), angle = angle_of(words[2 * k + 1]);
        out[2 * k] = sinf(angle) * radius;
        out[2 * k + 1] = cosf(angle) * radius;
    }
}
