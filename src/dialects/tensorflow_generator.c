/* tensorflow_generator.c - tf.random.Generator: its state, its seeds and the places that its methods take.
 * SPDX-License-Identifier: MIT
 *
 * python/ops/stateful_random_ops.py and core/kernels/stateful_random_ops.cc (RngReadAndSkip) of TensorFlow 2.21. */
#include <string.h> /* strcmp */

#include "dialects/tensorflow.h" /* TENSORFLOW_RESERVED */

enum { STATE_WORDS = 3 };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The names as random_ops_util.py reads them: case, '-' and '_' do not matter, nor white space around. */
int oneseed_tensorflow_algorithm_of(const char *name)
{
    static const char *const names[] = {"philox", "threefry", "autoselect"};
    char canonical[12] = {0};
    size_t length = 0;
    const char *end = name + strlen(name);
    while (is_space(*name))
        name++;
    while (end > name && is_space(end[-1]))
        end--;
    for (; name < end; name++) {
        if (*name == '-' || *name == '_')
            continue;
        if (length == sizeof canonical - 1)
            return 0;
        canonical[length++] = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
    }
    for (int k = 0; k < 3; k++)
        if (strcmp(canonical, names[k]) == 0)
            return k + 1;
    return 0;
}

static uint64_t bits_of(int64_t value)
{
    return (uint64_t)value;
}

static int64_t signed_of(uint64_t bits)
{
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void oneseed_tensorflow_generator_seed(oneseed_tensorflow_generator *generator, int64_t seed)
{
    /* Python's integers go on with their sign for ever. */
    generator->state[0] = seed;
    generator->state[1] = generator->state[2] = seed < 0 ? -1 : 0;
}

void oneseed_tensorflow_generator_seed_words(oneseed_tensorflow_generator *generator, int is_negative,
                                             const uint32_t *words, size_t n_words)
{
    uint64_t carry = is_negative != 0;
    for (size_t k = 0; k < STATE_WORDS; k++) {
        uint64_t low = 2 * k < n_words ? words[2 * k] : 0, high = 2 * k + 1 < n_words ? words[2 * k + 1] : 0;
        uint64_t bits = high << 32 | low;
        if (is_negative) {
            bits = ~bits + carry;
            carry = carry && bits == 0;
        }
        generator->state[k] = signed_of(bits);
    }
}

void oneseed_tensorflow_generator_seed_list(oneseed_tensorflow_generator *generator, const int64_t *seeds, size_t n)
{
    size_t n_taken = n < STATE_WORDS ? n : STATE_WORDS;
    for (size_t k = 0; k < STATE_WORDS; k++)
        generator->state[k] = k < STATE_WORDS - n_taken ? 0 : seeds[k - (STATE_WORDS - n_taken)];
}

static void put_halves(uint32_t out[2], int64_t value)
{
    out[0] = (uint32_t)bits_of(value);
    out[1] = (uint32_t)(bits_of(value) >> 32);
}

void oneseed_tensorflow_generator_place(const oneseed_tensorflow_generator *generator, oneseed_tensorflow_philox *place)
{
    put_halves(place->counter, generator->state[0]);
    put_halves(place->counter + 2, generator->state[1]);
    put_halves(place->key, generator->state[2]);
}

void oneseed_tensorflow_generator_move(oneseed_tensorflow_generator *generator, const oneseed_tensorflow_philox *place)
{
    generator->state[0] = signed_of((uint64_t)place->counter[1] << 32 | place->counter[0]);
    generator->state[1] = signed_of((uint64_t)place->counter[3] << 32 | place->counter[2]);
    generator->state[2] = signed_of((uint64_t)place->key[1] << 32 | place->key[0]);
}

oneseed_status oneseed_tensorflow_generator_skip(oneseed_tensorflow_generator *generator, int64_t delta)
{
    if (generator->algorithm == ONESEED_TENSORFLOW_ALGORITHM_THREEFRY)
        return ONESEED_TENSORFLOW_THREEFRY;
    uint64_t n_blocks = bits_of(delta) * TENSORFLOW_RESERVED, low = bits_of(generator->state[0]);
    uint32_t sum = (uint32_t)low + (uint32_t)n_blocks, high = (uint32_t)(n_blocks >> 32);
    /* PhiloxRandom::Skip adds the low half's carry to the high half of the count: where that overflows, the carry is lost. */
    high += sum < (uint32_t)n_blocks;
    uint32_t second = (uint32_t)(low >> 32) + high;
    generator->state[0] = signed_of((uint64_t)second << 32 | sum);
    generator->state[1] = signed_of(bits_of(generator->state[1]) + (second < high));
    return ONESEED_OK;
}

oneseed_status oneseed_tensorflow_generator_draw(oneseed_tensorflow_generator *generator, uint64_t n,
                                                 oneseed_tensorflow_philox *place)
{
    oneseed_tensorflow_philox here;
    oneseed_tensorflow_generator_place(generator, &here);
    oneseed_status status = oneseed_tensorflow_generator_skip(generator, signed_of(n));
    if (status == ONESEED_OK)
        *place = here;
    return status;
}

oneseed_status oneseed_tensorflow_generator_make_seeds(oneseed_tensorflow_generator *generator, int64_t *out, size_t n)
{
    oneseed_tensorflow_philox place;
    oneseed_status status = oneseed_tensorflow_generator_draw(generator, n, &place);
    return status != ONESEED_OK ? status
                                : oneseed_tensorflow_uniform_full_int_fill(&place, ONESEED_TENSORFLOW_INT64, out, n);
}
