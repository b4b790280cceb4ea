/* torch_cuda_gpus.c - the shapes of GPUs: multiprocessors and their threads, which decide what a kernel's threads draw.
 * SPDX-License-Identifier: MIT
 *
 * Multiprocessors: NVIDIA's architecture whitepapers and data sheets of each product (Volta GV100, Turing TU102/TU104/TU106/TU116, Ampere
 * GA100/GA102, Ada AD102 to AD107, Hopper H100, Blackwell). Threads of one, by compute capability: CUDA C++ Programming Guide, table
 * "Technical Specifications per Compute Capability": 2048 for 6.x, 7.0, 8.0, 9.0, 10.0; 1024 for 7.5; 1536 for 8.6, 8.9, 12.0. */
#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_gpu */

static const oneseed_gpu gpus[] = {
    {"a10", "NVIDIA A10", 72, 1536, 86},
    {"a100", "NVIDIA A100", 108, 2048, 80},
    {"a10g", "NVIDIA A10G", 80, 1536, 86},
    {"a2", "NVIDIA A2", 10, 1536, 86},
    {"a30", "NVIDIA A30", 56, 2048, 80},
    {"a40", "NVIDIA A40", 84, 1536, 86},
    {"b200", "NVIDIA B200", 148, 2048, 100},
    {"gh200", "NVIDIA GH200", 132, 2048, 90},
    {"gtx1060", "NVIDIA GeForce GTX 1060 6GB", 10, 2048, 61},
    {"gtx1070", "NVIDIA GeForce GTX 1070", 15, 2048, 61},
    {"gtx1080", "NVIDIA GeForce GTX 1080", 20, 2048, 61},
    {"gtx1080ti", "NVIDIA GeForce GTX 1080 Ti", 28, 2048, 61},
    {"gtx1660ti", "NVIDIA GeForce GTX 1660 Ti", 24, 1024, 75},
    {"h100", "NVIDIA H100 80GB HBM3", 132, 2048, 90},
    {"h100-pcie", "NVIDIA H100 PCIe", 114, 2048, 90},
    {"h100-sxm", "NVIDIA H100 80GB HBM3", 132, 2048, 90},
    {"h20", "NVIDIA H20", 78, 2048, 90},
    {"h200", "NVIDIA H200", 132, 2048, 90},
    {"l4", "NVIDIA L4", 58, 1536, 89},
    {"l40", "NVIDIA L40", 142, 1536, 89},
    {"l40s", "NVIDIA L40S", 142, 1536, 89},
    {"p100", "Tesla P100", 56, 2048, 60},
    {"quadro-rtx8000", "Quadro RTX 8000", 72, 1024, 75},
    {"rtx2060", "NVIDIA GeForce RTX 2060", 30, 1024, 75},
    {"rtx2060-super", "NVIDIA GeForce RTX 2060 SUPER", 34, 1024, 75},
    {"rtx2070", "NVIDIA GeForce RTX 2070", 36, 1024, 75},
    {"rtx2070-super", "NVIDIA GeForce RTX 2070 SUPER", 40, 1024, 75},
    {"rtx2080", "NVIDIA GeForce RTX 2080", 46, 1024, 75},
    {"rtx2080-super", "NVIDIA GeForce RTX 2080 SUPER", 48, 1024, 75},
    {"rtx2080ti", "NVIDIA GeForce RTX 2080 Ti", 68, 1024, 75},
    {"rtx3060", "NVIDIA GeForce RTX 3060", 28, 1536, 86},
    {"rtx3060ti", "NVIDIA GeForce RTX 3060 Ti", 38, 1536, 86},
    {"rtx3070", "NVIDIA GeForce RTX 3070", 46, 1536, 86},
    {"rtx3070ti", "NVIDIA GeForce RTX 3070 Ti", 48, 1536, 86},
    {"rtx3080", "NVIDIA GeForce RTX 3080", 68, 1536, 86},
    {"rtx3080ti", "NVIDIA GeForce RTX 3080 Ti", 80, 1536, 86},
    {"rtx3090", "NVIDIA GeForce RTX 3090", 82, 1536, 86},
    {"rtx3090ti", "NVIDIA GeForce RTX 3090 Ti", 84, 1536, 86},
    {"rtx4060", "NVIDIA GeForce RTX 4060", 24, 1536, 89},
    {"rtx4060ti", "NVIDIA GeForce RTX 4060 Ti", 34, 1536, 89},
    {"rtx4070", "NVIDIA GeForce RTX 4070", 46, 1536, 89},
    {"rtx4070-super", "NVIDIA GeForce RTX 4070 SUPER", 56, 1536, 89},
    {"rtx4070ti", "NVIDIA GeForce RTX 4070 Ti", 60, 1536, 89},
    {"rtx4070ti-super", "NVIDIA GeForce RTX 4070 Ti SUPER", 66, 1536, 89},
    {"rtx4080", "NVIDIA GeForce RTX 4080", 76, 1536, 89},
    {"rtx4080-super", "NVIDIA GeForce RTX 4080 SUPER", 80, 1536, 89},
    {"rtx4090", "NVIDIA GeForce RTX 4090", 128, 1536, 89},
    {"rtx4090d", "NVIDIA GeForce RTX 4090 D", 114, 1536, 89},
    {"rtx5060ti", "NVIDIA GeForce RTX 5060 Ti", 36, 1536, 120},
    {"rtx5070", "NVIDIA GeForce RTX 5070", 48, 1536, 120},
    {"rtx5070ti", "NVIDIA GeForce RTX 5070 Ti", 70, 1536, 120},
    {"rtx5080", "NVIDIA GeForce RTX 5080", 84, 1536, 120},
    {"rtx5090", "NVIDIA GeForce RTX 5090", 170, 1536, 120},
    {"rtx6000-ada", "NVIDIA RTX 6000 Ada Generation", 142, 1536, 89},
    {"rtx6000-blackwell", "NVIDIA RTX PRO 6000 Blackwell Server Edition", 188, 1536, 120},
    {"rtxa4000", "NVIDIA RTX A4000", 48, 1536, 86},
    {"rtxa5000", "NVIDIA RTX A5000", 64, 1536, 86},
    {"rtxa6000", "NVIDIA RTX A6000", 84, 1536, 86},
    {"t4", "Tesla T4", 40, 1024, 75},
    {"titan-rtx", "NVIDIA TITAN RTX", 72, 1024, 75},
    {"titan-v", "NVIDIA TITAN V", 80, 2048, 70},
    {"v100", "Tesla V100", 80, 2048, 70},
};

/* What drivers print for a board where it is not its title, with the multiprocessors that the board has whatever its memory. */
static const struct {
    const char *device, *name;
} devices[] = {
    {"NVIDIA A100 80GB PCIe", "a100"},
    {"NVIDIA A100-PCIE-40GB", "a100"},
    {"NVIDIA A100-SXM-64GB", "a100"},
    {"NVIDIA A100-SXM4-40GB", "a100"},
    {"NVIDIA A100-SXM4-80GB", "a100"},
    {"NVIDIA GH200 120GB", "gh200"},
    {"NVIDIA GH200 144G HBM3e", "gh200"},
    {"NVIDIA GH200 480GB", "gh200"},
    {"NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "rtx6000-blackwell"},
    {"NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx6000-blackwell"},
    {"TITAN RTX", "titan-rtx"},
    {"TITAN V", "titan-v"},
    {"Tesla P100-PCIE-12GB", "p100"},
    {"Tesla P100-PCIE-16GB", "p100"},
    {"Tesla P100-SXM2-16GB", "p100"},
    {"Tesla V100-PCIE-16GB", "v100"},
    {"Tesla V100-PCIE-32GB", "v100"},
    {"Tesla V100-SXM2-16GB", "v100"},
    {"Tesla V100-SXM2-32GB", "v100"},
};

const oneseed_gpu *oneseed_gpu_at(size_t i)
{
    return i < sizeof gpus / sizeof *gpus ? &gpus[i] : NULL;
}

/* ASCII alone, whatever the locale. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

/* Drivers before 470 print the names of the same boards without the company. */
static const char *without_company(const char *name)
{
    static const char company[] = "nvidia ";
    for (size_t i = 0; company[i] != '\0'; i++)
        if (lower(name[i]) != company[i])
            return name;
    return name + sizeof company - 1;
}

const oneseed_gpu *oneseed_gpu_find(const char *name)
{
    const char *board = without_company(name);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (is_same(without_company(devices[i].device), board)) {
            name = devices[i].name;
            break;
        }
    for (size_t i = 0; i < sizeof gpus / sizeof *gpus; i++)
        if (is_same(gpus[i].name, name) || is_same(without_company(gpus[i].title), board))
            return &gpus[i];
    return NULL;
}
