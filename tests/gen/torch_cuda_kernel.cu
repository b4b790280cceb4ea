/* torch_cuda_kernel.cu - the functions of CUDA's that PyTorch's draws take, beside what src/dialects/torch_cuda_math*.c makes of them, over all words.
 * SPDX-License-Identifier: MIT
 *
 * Compiled at run time by tests/gen/torch_cuda.py. counts has 3 numbers for each of the functions: values, differences, the largest
 * difference in units of the last place; errors has the largest absolute error. */

enum { SINE, COSINE, LOGF, FAST_LOG, FAST_EXP, FAST_TAN, LOG, SINCOSPI_SINE, SINCOSPI_COSINE, EXP, TAN, N_FUNCTIONS };

struct result {
    unsigned long long n, n_different, largest;
    double error;
};

static __device__ long long ordered(float x)
{
    int bits = __float_as_int(x);
    return bits < 0 ? -(long long)(bits & 0x7fffffff) : bits;
}

static __device__ long long ordered(double x)
{
    long long bits = __double_as_longlong(x);
    return bits < 0 ? -(bits & 0x7fffffffffffffffLL) : bits;
}

template <typename T> static __device__ void compare(struct result *r, T hardware, T model)
{
    long long far = ordered(hardware) - ordered(model);
    unsigned long long distance = far < 0 ? (unsigned long long)-far : (unsigned long long)far;
    double error = fabs((double)hardware - (double)model);
    r->n++;
    if (distance == 0)
        return;
    r->n_different++;
    r->largest = distance > r->largest ? distance : r->largest;
    r->error = error > r->error ? error : r->error;
}

/* The same formulas as in src/dialects/torch_cuda_math.c and torch_cuda_math_f64.c, without contraction by the compiler. */

static __device__ float model_logf(float x)
{
    const unsigned terms[] = {0x3e1039f6u, 0xbdf8cdccu, 0x3e0f2955u, 0xbe2ad8b9u,
                              0x3e4ced0bu, 0xbe7fff22u, 0x3eaaaa78u, 0xbf000000u};
    int bits = __float_as_int(x), exponent = (bits - 0x3f2aaaab) & (int)0xff800000u;
    float e = __fmul_rn((float)exponent, 0x1p-23f), f = __fsub_rn(__int_as_float(bits - exponent), 1.0f),
          p = __uint_as_float(0xbe055027u);
    for (int k = 0; k < 8; k++)
        p = __fmaf_rn(p, f, __uint_as_float(terms[k]));
    return __fmaf_rn(e, 0x1.62e430p-1f, __fmaf_rn(__fmul_rn(p, f), f, f));
}

static __device__ double turns(float x)
{
    return (double)__fmul_rz(x, 0x1.45f306p-3f);
}

static __device__ float model_sinf(float x)
{
    return (float)sin(6.283185307179586477 * turns(x));
}

static __device__ float model_cosf(float x)
{
    return (float)cos(6.283185307179586477 * turns(x));
}

static __device__ float model_fast_logf(float x)
{
    return __fmul_rn((float)log2((double)x), 0x1.62e430p-1f);
}

static __device__ float model_fast_expf(float x)
{
    return (float)exp2((double)__fmul_rn(x, 0x1.715476p+0f));
}

static __device__ float model_fast_tanf(float x)
{
    return __fmul_rn(model_sinf(x), (float)(1.0 / (double)model_cosf(x)));
}

static __device__ double polynomial(const double *terms, int n, double x)
{
    double sum = terms[0];
    for (int k = 1; k < n; k++)
        sum = __fma_rn(sum, x, terms[k]);
    return sum;
}

static __device__ double model_log(double x)
{
    const double terms[] = {0x1.1380b3ae80f1ep-20, 0x1.0ee258b7a8b04p-18, 0x1.3b2669f02676fp-16, 0x1.745cba9ab0956p-14,
                            0x1.c71c72d1b5154p-12, 0x1.24924923be72dp-9,  0x1.999999999a3c4p-7,  0x1.5555555555554p-4};
    unsigned long long bits = (unsigned long long)__double_as_longlong(x);
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffull) | 0x3ff0000000000000ull;
    if (bits >> 32 >= 0x3ff6a09fu) {
        bits -= 1ull << 52;
        exponent++;
    }
    double m = __longlong_as_double((long long)bits), reciprocal = __drcp_rn(__dadd_rn(m, 1.0)), f = __dadd_rn(m, -1.0),
           e = exponent;
    double q = __dmul_rn(f, reciprocal);
    q = __fma_rn(f, reciprocal, q);
    double square = __dmul_rn(q, q), p = polynomial(terms, 8, square), rest = __dadd_rn(f, -q);
    rest = __dmul_rn(__fma_rn(-q, f, __dadd_rn(rest, rest)), reciprocal);
    rest = __fma_rn(__dmul_rn(square, p), q, rest);
    double high = __fma_rn(e, 0x1.62e42fefa39efp-1, q), low = __dadd_rn(__fma_rn(-e, 0x1.62e42fefa39efp-1, high), -q);
    return __dadd_rn(high, __fma_rn(e, 0x1.abc9e3b39803fp-56, __dadd_rn(rest, -low)));
}

static __device__ void model_sincospi(double x, double *sine, double *cosine)
{
    const double sines[] = {0x1.5db65f9785ebap-33,  -0x1.ae5f12cb0d246p-26, 0x1.71de369ace392p-19,
                            -0x1.a01a019db62a1p-13, 0x1.1111111110818p-7,   -0x1.5555555555554p-3};
    const double cosines[] = {-0x1.8ff8320fd8164p-37,
                              0x1.1eea7c1ef8528p-29,
                              -0x1.27e4f8e06e6d9p-22,
                              0x1.a01a019ddbce9p-16,
                              -0x1.6c16c16c15d47p-10,
                              0x1.5555555555551p-5,
                              -0.5,
                              1.0};
    double quadrant = rint(__dmul_rn(2.0, x)), reduced = __fma_rn(-quadrant, 0.5, x);
    double angle = __fma_rn(reduced, 0x1.921fb54442d18p+1, __dmul_rn(reduced, 0x1.1a62633145c07p-53)),
           square = __dmul_rn(angle, angle);
    double c = polynomial(cosines, 8, square),
           s = __fma_rn(__dmul_rn(polynomial(sines, 6, square), square), angle, angle);
    int turn = (int)quadrant & 3;
    *sine = turn & 1 ? c : s;
    *cosine = turn & 1 ? -s : c;
    if (turn & 2) {
        *sine = -*sine;
        *cosine = -*cosine;
    }
}

/* splitmix64: arguments for the functions of doubles, of which there are too many for all. */
static __device__ unsigned long long mixed(unsigned long long x)
{
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return x ^ x >> 31;
}

/* n words from chunk * 2^28 on: torch hands over integers of 32 bits. */
extern "C" __global__ void measure(unsigned long long *counts, double *errors, int chunk, int n)
{
    struct result results[N_FUNCTIONS] = {};
    unsigned long long first = (unsigned long long)chunk << 28, end = first + (unsigned long long)n;
    unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
    for (unsigned long long i = first + (unsigned long long)blockIdx.x * blockDim.x + threadIdx.x; i < end; i += step) {
        unsigned word = (unsigned)i;
        float u = __fmaf_rn((float)word, 0x1p-32f, 0x1p-33f),
              v = __fmaf_rn((float)word, 0x1.921fb6p-30f, 0x1.921fb6p-31f);
        compare(&results[SINE], __sinf(v), model_sinf(v));
        compare(&results[COSINE], __cosf(v), model_cosf(v));
        compare(&results[LOGF], logf(u), model_logf(u));
        compare(&results[FAST_LOG], __logf(u), model_fast_logf(u));
        float z = (u - 0.5f) * 20.0f, half_turn = __fmul_rn(0x1.921fb6p+1f, u - 0.5f);
        compare(&results[FAST_EXP], __expf(z), model_fast_expf(z));
        compare(&results[FAST_TAN], __tanf(half_turn), model_fast_tanf(half_turn));
        unsigned long long bits = mixed(i) >> 11;
        double x = __fma_rn((double)bits, 0x1p-53, 0x1p-54), sine, cosine, hardware_sine, hardware_cosine;
        compare(&results[LOG], log(x), model_log(x));
        sincospi(2.0 * x, &hardware_sine, &hardware_cosine);
        model_sincospi(2.0 * x, &sine, &cosine);
        compare(&results[SINCOSPI_SINE], hardware_sine, sine);
        compare(&results[SINCOSPI_COSINE], hardware_cosine, cosine);
    }
    for (int k = 0; k < N_FUNCTIONS; k++) {
        atomicAdd(&counts[3 * k], results[k].n);
        atomicAdd(&counts[3 * k + 1], results[k].n_different);
        atomicMax(&counts[3 * k + 2], results[k].largest);
        atomicMax((unsigned long long *)&errors[k],
                  (unsigned long long)__double_as_longlong(results[k].error)); /* none is negative */
    }
}

/* What the special function unit gives beside the model, for a model of its tables: the difference in units of the last place. */
extern "C" __global__ void dump(int *out, int function, int n)
{
    unsigned long long step = (unsigned long long)gridDim.x * blockDim.x;
    for (unsigned long long i = (unsigned long long)blockIdx.x * blockDim.x + threadIdx.x; i < (unsigned long long)n;
         i += step) {
        float v = (float)((2.0 * (double)i + 1) * 0x1p-25 * 6.283185307179586477); /* turns of k + 1/2 in 2^24 */
        float m = __uint_as_float(0x3f800000u + (unsigned)(i & 0x7fffff)), low = m * 0.5f;
        float hardware = 0, model = 0;
        switch (function) {
        case SINE:
            hardware = __sinf(v);
            model = model_sinf(v);
            break;
        case COSINE:
            hardware = __cosf(v);
            model = model_cosf(v);
            break;
        case FAST_LOG:
            hardware = __logf(low);
            model = model_fast_logf(low);
            break;
        case FAST_EXP:
            hardware = __expf(m);
            model = model_fast_expf(m);
            break;
        default:
            break;
        }
        out[i] = (int)(ordered(hardware) - ordered(model));
    }
}
