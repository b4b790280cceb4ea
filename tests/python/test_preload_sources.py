# test_preload_sources.py - the preload's hooks on sources of difference: each is recorded, and each control closes its own.
# SPDX-License-Identifier: MIT
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ONESEED_BUILD", ROOT / "build"))
PRELOAD = BUILD / "lib/oneseed/liboneseed_preload.so"
HEADERS = """
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
"""


@functools.lru_cache(maxsize=None)
def compiled(body, language="c"):
    """Path of a program: the headers above and `body`."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="oneseed-sources-"))
    source = folder / ("program." + language)
    source.write_text(HEADERS + body)
    compiler = ["c++"] if language == "cc" else ["cc", "-std=gnu11"]
    subprocess.run([*compiler, "-O1", "-w", str(source), "-o", str(folder / "program"), "-pthread"], check=True)
    return str(folder / "program")


def c(statements):
    return compiled("int main(int argc, char **argv)\n{\n%s\nreturn 0;\n}\n" % statements)


class Run:
    def __init__(self, command, folder, controls="", vary="", seed=7, record=True):
        self.folder = folder
        trace = pathlib.Path(tempfile.mkdtemp(prefix="oneseed-trace-"))
        words = ["seed=%d" % seed, "controls=" + controls, "vary=" + vary] + ["trace=%s" % trace] * record
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("ONESEED_", "LD_PRELOAD"))}
        environment.update(
            ONESEED_CONFIG=" ".join(words).replace("%", "%25"), ONESEED_LANE="0 - 0000000000", LD_PRELOAD=str(PRELOAD)
        )
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120
        )
        assert done.returncode == 0 and done.stderr == b"", (done.returncode, done.stderr.decode())
        self.stdout = done.stdout.decode()
        self.events = []
        if record:
            text = subprocess.run([str(BUILD / "trace_dump"), str(trace)], stdout=subprocess.PIPE, check=True).stdout
            self.events = [json.loads(line) for line in text.decode().splitlines()]

    def of(self, kind, **fields):
        return [e for e in self.events if e["kind"] == kind and all(e[k] == v for k, v in fields.items())]


def differs(command, folder, controls="", **options):
    return Run(command, folder, controls, **options).stdout != Run(command, folder, controls, **options).stdout


# --- Entropy

ENTROPY = {
    "getrandom": "unsigned char b[16]; getrandom(b, 16, 0);",
    "getentropy": "unsigned char b[16]; getentropy(b, 16);",
    "open": 'unsigned char b[16]; int f = open("/dev/urandom", O_RDONLY); read(f, b, 16);',
    "openat": 'unsigned char b[16]; int f = openat(AT_FDCWD, "/dev/urandom", O_RDONLY); read(f, b, 16);',
    "dup": 'unsigned char b[16]; int f = dup(open("/dev/urandom", O_RDONLY)); read(f, b, 16);',
    "fcntl": 'unsigned char b[16]; int f = fcntl(open("/dev/urandom", O_RDONLY), F_DUPFD, 9); read(f, b, 16);',
    "pread": 'unsigned char b[16]; int f = open("/dev/urandom", O_RDONLY); pread(f, b, 16, 0);',
    "fread": 'unsigned char b[16]; FILE *f = fopen("/dev/urandom", "r"); fread(b, 1, 16, f);',
}
PRINT_BYTES = "for (int i = 0; i < 16; i++) printf(\"%02x\", b[i]);"


@pytest.mark.parametrize("how", ENTROPY)
def test_entropy(how, tmp_path):
    program = [c(ENTROPY[how] + PRINT_BYTES)]
    assert differs(program, tmp_path)
    (event,) = Run(program, tmp_path).of("entropy")
    assert event["name"] == (how if how.startswith("get") else "/dev/urandom")
    assert event["bytes"] == 16 and event["generator"] is None and "/program+0x" in event["site"]
    one, two = (Run(program, tmp_path, "os-entropy", seed=s) for s in (7, 8))
    assert not differs(program, tmp_path, "os-entropy") and one.stdout != two.stdout
    assert one.of("entropy")[0]["out"] == Run(program, tmp_path, "os-entropy").of("entropy")[0]["out"]


def test_entropy_goes_on_and_differs_between_threads_and_children(tmp_path):
    program = compiled(
        """
        static void *show(void *what) { unsigned x; getrandom(&x, 4, 0); printf("%s %u\\n", what, x); return 0; }
        int main(void) {
            pthread_t t; show("a"); show("b");
            pthread_create(&t, 0, show, "c"); pthread_join(t, 0); fflush(stdout);
            if (!fork()) { show("d"); fflush(stdout); _exit(0); }
            wait(0); show("e");
        }"""
    )
    lines = Run([program], tmp_path, "os-entropy").stdout.split()
    assert len(set(lines[1::2])) == 5 and not differs([program], tmp_path, "os-entropy")


def test_other_descriptors_are_left_alone(tmp_path):
    (tmp_path / "data").write_bytes(b"0123456789abcdef")
    program = [
        c('unsigned char b[16]; int f = open("/dev/urandom", O_RDONLY); close(f); f = open("data", O_RDONLY);'
          "read(f, b, 16);" + PRINT_BYTES)
    ]
    run = Run(program, tmp_path, "os-entropy")
    assert run.stdout == b"0123456789abcdef".hex() and run.of("entropy") == []


RANDOM_DEVICE = compiled("#include <random>\nint main() { std::random_device d; printf(\"%u %u\", d(), d()); }", "cc")


def test_random_device(tmp_path):
    assert differs([RANDOM_DEVICE], tmp_path)
    events = Run([RANDOM_DEVICE], tmp_path).of("entropy", name="random_device")
    assert [e["generator"] for e in events] == ["cxx.random_device"] * 2 and "/program+0x" in events[0]["site"]
    for control in "unseeded-rng", "os-entropy":
        assert not differs([RANDOM_DEVICE], tmp_path, control)
    one, two = Run([RANDOM_DEVICE], tmp_path, "unseeded-rng").stdout.split()
    assert one != two


def test_entropy_owners_in_python(tmp_path):
    script = "import os; print(os.urandom(8).hex())"
    command = [sys.executable, "-S", "-c", script]
    assert differs(command, tmp_path)
    run = Run(command, tmp_path, "os-entropy")
    assert [e["generator"] for e in run.of("entropy")] == ["python.hash", None]
    assert not differs(command, tmp_path, "os-entropy")
    # The hash secret stays real: it is another channel's.
    secret = [sys.executable, "-S", "-c", "print(hash('a'))"]
    assert differs(secret, tmp_path, "os-entropy")
