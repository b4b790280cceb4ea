"""engines.py - writes tests/vectors/engines.txt: python engines.py SIPHASH_FOLDER PCG_C_FOLDER > FILE

SPDX-License-Identifier: MIT

The folders are checkouts of github.com/veorq/SipHash and github.com/imneme/pcg-c. What is copied from a publication is below.
"""
import hashlib
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SIPHASH_MAIN = """
#include <stdio.h>
#include "siphash.h"
int main(void)
{
    unsigned char key[16], message[64], out[8];
    for (int i = 0; i < 64; i++)
        message[i] = (unsigned char)i;
    for (int i = 0; i < 16; i++)
        key[i] = (unsigned char)i;
    for (unsigned n = 0; n < 64; n++) {
        siphash(message, n, key, out, 8);
        for (int i = 7; i >= 0; i--)
            printf("%02x", out[i]);
        putchar(10);
    }
}
"""
# Random123, tests/kat_vectors: the lines `philox4x64 10`: counter, key, result.
PHILOX = """
0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000
    16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b
ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff
    87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0
243f6a8885a308d3 13198a2e03707344 a4093822299f31d0 082efa98ec4e6c89 452821e638d01377 be5466cf34e90c6c
    a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6
"""
# FIPS 180-4 and its examples (SHA512.pdf): message and digest; `*` repeats.
SHA512 = """
616263
ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f

61626364656667686263646566676869636465666768696a6465666768696a6b65666768696a6b6c666768696a6b6c6d6768696a6b6c6d6e
68696a6b6c6d6e6f696a6b6c6d6e6f706a6b6c6d6e6f70716b6c6d6e6f7071726c6d6e6f707172736d6e6f70717273746e6f707172737475
8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018
501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909

61*1000000
e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb
de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b
"""


def line(*fields):
    print(*fields)


def hexes(numbers, digits):
    return ",".join(f"{number:0{digits}x}" for number in numbers)


def siphash(folder, each, last):
    with tempfile.TemporaryDirectory() as build:
        main = pathlib.Path(build, "main.c")
        main.write_text(SIPHASH_MAIN)
        rounds = [f"-DcROUNDS={each}", f"-DdROUNDS={last}"]
        subprocess.run(["cc", *rounds, f"-I{folder}", "-o", f"{build}/main", main, f"{folder}/siphash.c"], check=True)
        return subprocess.run([f"{build}/main"], capture_output=True, text=True, check=True).stdout.split()


siphash_folder, pcg_folder = sys.argv[1:]
print(f"""# Engines: published answers. Made by tests/gen/engines.py (Python {sys.version.split()[0]}); all numbers hexadecimal.
# mt19937_seed, mt19937_array SEED(S) WORDS: Python's random, whose core is the authors' mt19937ar.c; the first five words of
#   the array 123,234,345,456 are those of the authors' mt19937ar.out.
# pcg64 SEED_LOW,SEED_HIGH,SEQUENCE_LOW,SEQUENCE_HIGH WORDS: pcg-c 83252d9, test-high/expected/check-pcg64.out, first round.
# philox4x64 COUNTER(4),KEY(2) BLOCK: Random123, tests/kat_vectors, 10 rounds.
# siphash24, siphash13 N HASH: veorq/SipHash f26d35e compiled with these rounds: key 00 to 0f, message 00 to N-1.
# sha512 MESSAGE DIGEST: the examples of FIPS 180-4; those of 0 to 257 bytes by Python's hashlib. `61*1000` is a byte repeated.""")
for seed in (0, 1, 42, 5489, 2**31, 2**32 - 1):
    words = [seed]
    for k in range(1, 624):
        words.append(1812433253 * (words[-1] ^ words[-1] >> 30) + k & 0xFFFFFFFF)
    generator = random.Random()
    generator.setstate((3, (*words, 624), None))
    line("mt19937_seed", f"{seed:x}", hexes((generator.getrandbits(32) for _ in range(20)), 8))
for seeds in ([0x123, 0x234, 0x345, 0x456], [0], [1], [0xFFFFFFFF, 0xFFFFFFFF], list(range(1, 700)), list(range(1, 625))):
    generator = random.Random(sum(word << 32 * k for k, word in enumerate(seeds)))
    drawn = [generator.getrandbits(32) for _ in range(1000 if len(seeds) == 4 else 20)]
    assert len(seeds) != 4 or drawn[:5] == [1067595299, 955945823, 477289528, 4107218783, 4228976476]
    line("mt19937_array", hexes(seeds, 8), hexes(drawn, 8))
published = pathlib.Path(pcg_folder, "test-high/expected/check-pcg64.out").read_text()
first = re.search(r"64bit:(.*?)Again", published, re.S)[1].split()
line("pcg64", hexes([42, 0, 54, 0], 16), ",".join(word[2:] for word in first))
published_words = PHILOX.split()
for words in (published_words[k : k + 10] for k in range(0, len(published_words), 10)):
    line("philox4x64", ",".join(words[:6]), ",".join(words[6:]))
for name, rounds in (("siphash24", (2, 4)), ("siphash13", (1, 3))):
    for n, value in enumerate(siphash(siphash_folder, *rounds)):
        line(name, f"{n:x}", value)
for case in SHA512.strip().split("\n\n"):
    text = "".join(case.split())
    line("sha512", text[:-128], text[-128:])
for n in range(258):
    line("sha512", f"{n % 256:02x}*{n}" if n else "-", hashlib.sha512(bytes([n % 256]) * n).hexdigest())
