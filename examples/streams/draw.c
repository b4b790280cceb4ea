/* draw.c - the numbers of Python, NumPy and PyTorch in a C program that has none of them.
 *
 *     cc draw.c $(pkg-config --cflags --libs oneseed) -o draw && ./draw
 */
#include <inttypes.h> /* PRId64 */
#include <stdio.h>    /* printf */

#include <oneseed.h>

int main(void)
{
    /* random.seed(42); [random.randint(0, 10) for _ in range(4)] */
    oneseed_python python = {0};
    oneseed_python_seed_i64(&python, 42);
    for (int i = 0; i < 4; i++)
        printf("%" PRId64 "\n", oneseed_python_randint(&python, 0, 10));

    /* np.random.seed(17); np.random.randn(3) */
    oneseed_numpy state;
    double normals[3];
    oneseed_numpy_legacy_seed(&state, 17);
    oneseed_numpy_legacy_standard_normal_fill(&state, normals, 3);
    for (int i = 0; i < 3; i++)
        printf("%.17g\n", normals[i]);

    /* rng = np.random.default_rng(7); rng.integers(0, 100, 3); rng.normal(0.0, -1.0, 3) */
    const uint32_t entropy[] = {7};
    int64_t integers[3];
    oneseed_numpy_seed(&state, ONESEED_NUMPY_PCG64, entropy, 1, NULL, 0);
    if (oneseed_numpy_integers_fill(&state, 0, 100, integers, 3) == ONESEED_OK)
        printf("%" PRId64 " %" PRId64 " %" PRId64 "\n", integers[0], integers[1], integers[2]);
    oneseed_status status = oneseed_numpy_normal_fill(&state, 0.0, -1.0, normals, 3);
    printf("%s\n", oneseed_status_text(status)); /* refused as NumPy refuses: nothing was drawn */

    /* torch.manual_seed(17); torch.randn(5); torch.randperm(6) */
    oneseed_torch torch = {0};
    float values[5];
    int64_t order[6];
    oneseed_torch_manual_seed(&torch, 17);
    if (oneseed_torch_randn_fill(&torch, ONESEED_TORCH_FLOAT32, values, 5) == ONESEED_OK)
        for (int i = 0; i < 5; i++)
            printf("%.9g\n", (double)values[i]);
    if (oneseed_torch_randperm_fill(&torch, ONESEED_TORCH_INT64, order, 6) == ONESEED_OK)
        for (int i = 0; i < 6; i++)
            printf("%" PRId64 "%c", order[i], i < 5 ? ' ' : '\n');
    return 0;
}
