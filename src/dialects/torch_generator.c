/* torch_generator.c - PyTorch's CPU generator: seeding, the bytes of its state, raw words, the processor's capability.
 * SPDX-License-Identifier: MIT */
#include "dialects/torch.h"

#include "common/bits.h" /* load32_le */
#include "common/simd.h" /* SIMD_VARIANTS */

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h> /* __get_cpuid_count */
#endif

/* The bytes of at::CPUGeneratorImplState (2.13): 5056, little endian. Each word of the engine lies in 64 bits. */
enum {
    AT_SEED = 0,
    AT_LEFT = 8,
    AT_SEEDED = 12,
    AT_NEXT = 16,
    AT_WORDS = 24,
    AT_NORMAL_X = 5016,
    AT_NORMAL = 5024,
    AT_NORMAL_RHO = 5032,
    AT_HAS_NORMAL = 5040,
    LEGACY_BYTES = 5048,
    AT_NORMAL_F32 = 5048,
    AT_HAS_NORMAL_F32 = 5052
};

void oneseed_torch_manual_seed(oneseed_torch *state, uint64_t seed)
{
    state->initial_seed = seed;
    state->has_normal = state->has_normal_f32 = 0;
    state->normal = 0;
    state->normal_f32 = 0;
    oneseed_mt19937_seed(&state->mt19937, (uint32_t)seed);
}

/* ---- the bytes ---- */

static void put(uint8_t *at, uint64_t value, int n_bytes)
{
    for (int i = 0; i < n_bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t get(const uint8_t *at, int n_bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < n_bytes; i++)
        value |= (uint64_t)at[i] << 8 * i;
    return value;
}

static double get_double(const uint8_t *at)
{
    uint64_t bits = get(at, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 0 when n words each follow from the one before as in a seeding. */
SIMD_BODY void unlike_seeding_body(const uint32_t *words, uint32_t n, uint32_t *differ_out)
{
    uint32_t differ = 0;
    for (uint32_t i = 1; i < n; i++)
        differ |= words[i] ^ (1812433253u * (words[i - 1] ^ words[i - 1] >> 30) + i);
    *differ_out = differ;
}
SIMD_VARIANTS(static void, unlike_seeding, (const uint32_t *words, uint32_t n, uint32_t *differ_out),
              (words, n, differ_out))

/* Whether the words are those of a seeding: then the first block is still to be made. Two words say almost always that they are not. */
static bool is_fresh(const uint32_t words[MT19937_N])
{
    uint32_t differ;
    unlike_seeding_body(words, 2, &differ);
    if (differ == 0)
        unlike_seeding(words, MT19937_N, &differ);
    return differ == 0;
}

/* Torch counts down `left` to the next block; only a fresh generator has it at 1 with `next` at 0. */
void oneseed_torch_get_state(const oneseed_torch *state, uint8_t out[ONESEED_TORCH_STATE_BYTES])
{
    const oneseed_mt19937 *engine = &state->mt19937;
    bool fresh = engine->position == MT19937_N && is_fresh(engine->words);
    uint64_t normal;
    uint32_t normal_f32;
    memcpy(&normal, &state->normal, sizeof normal);
    memcpy(&normal_f32, &state->normal_f32, sizeof normal_f32);
    memset(out, 0, ONESEED_TORCH_STATE_BYTES);
    put(out + AT_SEED, state->initial_seed, 8);
    put(out + AT_LEFT, MT19937_N + 1 - engine->position, 4);
    put(out + AT_SEEDED, 1, 4);
    put(out + AT_NEXT, fresh ? 0 : engine->position, 8);
    for (int i = 0; i < MT19937_N; i++) {
        uint64_t word = word64_le(engine->words[i]);
        memcpy(out + AT_WORDS + 8 * i, &word, sizeof word);
    }
    put(out + AT_NORMAL, state->has_normal ? normal : 0, 8);
    put(out + AT_HAS_NORMAL, state->has_normal != 0, 4);
    put(out + AT_NORMAL_F32, state->has_normal_f32 ? normal_f32 : 0, 4);
    put(out + AT_HAS_NORMAL_F32, state->has_normal_f32 != 0, 1);
}

/* The second normal of the bytes before there was a cache for float: kept as angle and radius. */
static double legacy_normal(const uint8_t *bytes)
{
    return get_double(bytes + AT_NORMAL_RHO) * sin(2 * 3.14159265358979323846 * get_double(bytes + AT_NORMAL_X));
}

oneseed_status oneseed_torch_set_state(oneseed_torch *state, const void *bytes, size_t n)
{
    const uint8_t *in = bytes;
    bool legacy = n == LEGACY_BYTES && torch_version(state) < 20900;
    if (n != ONESEED_TORCH_STATE_BYTES && !legacy)
        return ONESEED_TORCH_STATE_SIZE;
    uint32_t left = (uint32_t)get(in + AT_LEFT, 4);
    uint64_t next = get(in + AT_NEXT, 8);
    bool is_used_up = left == 1 && (next == 0 || next == MT19937_N);
    if (!get(in + AT_SEEDED, 4) || (!is_used_up && (next == 0 || next >= MT19937_N || next + left != MT19937_N + 1)))
        return ONESEED_TORCH_STATE;
    state->initial_seed = get(in + AT_SEED, 8);
    for (int i = 0; i < MT19937_N; i++)
        state->mt19937.words[i] = load32_le(in + AT_WORDS + 8 * i);
    state->mt19937.position = is_used_up ? MT19937_N : (uint32_t)next;
    state->has_normal = get(in + AT_HAS_NORMAL, 4) != 0;
    state->normal = 0;
    if (state->has_normal)
        state->normal = legacy ? legacy_normal(in) : get_double(in + AT_NORMAL);
    state->has_normal_f32 = !legacy && in[AT_HAS_NORMAL_F32] != 0;
    state->normal_f32 = 0;
    if (state->has_normal_f32) {
        uint32_t bits = (uint32_t)get(in + AT_NORMAL_F32, 4);
        memcpy(&state->normal_f32, &bits, sizeof bits);
    }
    return ONESEED_OK;
}

int oneseed_torch_is_valid(const oneseed_torch *state)
{
    return state->cpu <= ONESEED_TORCH_CPU_AVX512 && state->has_mkl <= 1 && state->has_normal <= 1 &&
           state->has_normal_f32 <= 1 && oneseed_mt19937_is_valid(&state->mt19937);
}

/* ---- words ---- */

uint32_t oneseed_torch_random_u32(oneseed_torch *state)
{
    return torch_u32(state);
}

uint64_t oneseed_torch_random_u64(oneseed_torch *state)
{
    return torch_u64(state);
}

void oneseed_torch_random_u32_fill(oneseed_torch *state, uint32_t *out, size_t n)
{
    oneseed_mt19937_fill_u32(&state->mt19937, out, n);
}

void oneseed_torch_random_u64_fill(oneseed_torch *state, uint64_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = torch_u64(state);
}

/* ---- the capability, as ATen's DispatchStub.cpp and cpuinfo find it ---- */

#if defined(__x86_64__) || defined(__i386__)
/* The registers that the system saves: bit 1 SSE, 2 AVX, 5 to 7 AVX-512. */
static uint32_t saved_registers(void)
{
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

oneseed_torch_cpu oneseed_torch_cpu_here(void)
{
    uint32_t a, b, c, d, c1;
    if (!__get_cpuid(1, &a, &b, &c1, &d) || !(c1 & bit_OSXSAVE) || !(c1 & bit_AVX) || !(c1 & bit_FMA))
        return ONESEED_TORCH_CPU_DEFAULT;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2))
        return ONESEED_TORCH_CPU_DEFAULT;
    uint32_t saved = saved_registers();
    if ((saved & 0x06) != 0x06)
        return ONESEED_TORCH_CPU_DEFAULT;
    if ((saved & 0xe6) == 0xe6 && (b & bit_AVX512F) && (b & bit_AVX512VL) && (b & bit_AVX512BW) && (b & bit_AVX512DQ))
        return ONESEED_TORCH_CPU_AVX512;
    return ONESEED_TORCH_CPU_AVX2;
}
#else
oneseed_torch_cpu oneseed_torch_cpu_here(void)
{
    return ONESEED_TORCH_CPU_DEFAULT;
}
#endif
