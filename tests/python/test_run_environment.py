"""What `oneseed run` sets, and what the program sees of it."""
import ctypes
import os
import re
import struct
import subprocess
import sys

import pytest

from tool import TOOL, python, run

PRINT = "import os; print(repr(sorted(os.environ.items())))"
HAND_ON = "import os; os.execvp('env', ['env', '-0'])"
SETTINGS_OF_PROCESS = {
    "PYTHONHASHSEED", "CUBLAS_WORKSPACE_CONFIG", "NCCL_ALGO", "NVTE_ALLOW_NONDETERMINISTIC_ALGO", "TF_DETERMINISTIC_OPS",
    "TF_CUDNN_DETERMINISTIC", "XLA_FLAGS",
}
SET_BY_US = SETTINGS_OF_PROCESS | {"ONESEED_SUPPORT"}


def clean():
    """This process's environment without anything that the tool would set."""
    return {name: value for name, value in os.environ.items() if name not in SET_BY_US and "THREADS" not in name}


def seen(*words, options=(), env=None):
    done = run(*words, options=options, env=env if env is not None else clean())
    assert done.returncode == 0, done.stderr
    return dict(eval(done.stdout))


def explained(*options, env=None):
    """Rows of --explain as {setting: (value, was, level)}."""
    done = subprocess.run([TOOL, "run", "--explain", *options], capture_output=True, text=True, env=env or clean())
    assert done.returncode == 0, done.stderr
    rows = [re.split(r"\s{2,}", line, maxsplit=4) for line in done.stdout.splitlines()[1:] if line and line[0] != " "]
    return {row[0]: tuple(row[1:4]) for row in rows if len(row) == 5}


# --- Nothing of ours is seen -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extra", [
    {}, {"PYTHONPATH": "/a:/b"}, {"EMPTY": "", "SPACE": "a b%20c", "UMLAUT": "ü"},
])
@pytest.mark.parametrize("words", [python(PRINT), python(HAND_ON), ["env", "-0"], ["sh", "-c", "env -0"]],
                         ids=["python", "exec", "env", "shell"])
def test_environment_is_the_user_s(words, extra):
    """In the same order, too; at level seeds nothing at all is set."""
    environment = dict(clean(), **extra)
    bare = subprocess.run(words, capture_output=True, text=True, env=environment).stdout
    assert run(*words, options=["--level", "seeds"], env=environment).stdout == bare


@pytest.mark.parametrize("words", [python(PRINT), ["sh", "-c", f'"{sys.executable}" -c "{PRINT}"']], ids=["direct", "child"])
def test_level_process_shows_its_settings_and_nothing_else(words):
    environment = clean()
    bare = dict(eval(subprocess.run(words, capture_output=True, text=True, env=environment).stdout))
    under = seen(*words, env=environment)
    assert {name for name in under if name not in bare} == SETTINGS_OF_PROCESS
    assert {name: value for name, value in under.items() if name in bare} == bare


def test_real_preload_of_the_user_s_is_loaded_and_shown(tmp_path):
    source = tmp_path / "mine.c"
    source.write_text("int getpagesize(void) { return 4711; }\n")
    library = tmp_path / "mine.so"
    subprocess.run(["cc", "-shared", "-fPIC", source, "-o", library], check=True)
    code = "import ctypes, os; print(ctypes.CDLL(None).getpagesize(), os.environ['LD_PRELOAD'])"
    done = run(*python(code), env=dict(clean(), LD_PRELOAD=str(library)))
    assert done.stdout == f"4711 {library}\n"


def test_python_path_of_the_user_s_works(tmp_path):
    (tmp_path / "my_own_module.py").write_text("value = 5\n")
    code = "import my_own_module, sys; print(my_own_module.value, sys.path[1])"
    done = run(*python(code), env=dict(clean(), PYTHONPATH=str(tmp_path)))
    assert done.stdout == f"5 {tmp_path}\n"


# --- Settings --------------------------------------------------------------------------------------------------------


def test_hash_seed_comes_from_the_root_seed():
    code = "import os; print(os.environ['PYTHONHASHSEED'], hash('a'))"
    first = run(*python(code), env=clean()).stdout
    assert first.startswith("0 ") and run(*python(code), env=clean()).stdout == first
    assert run(*python(code), options=["--seed", "42"], env=clean()).stdout.startswith("42 ")
    # modulo 2^32, as Python takes no more
    assert run(*python(code), options=["--seed", str(2**32 + 7)], env=clean()).stdout.startswith("7 ")
    assert run(*python(code), options=["--seed", str(2**64 - 1)], env=clean()).stdout.startswith(f"{2**32 - 1} ")


def test_hash_seed_of_the_user_s_wins():
    assert seen(*python(PRINT), env=dict(clean(), PYTHONHASHSEED="123"))["PYTHONHASHSEED"] == "123"
    assert seen(*python(PRINT), env=dict(clean(), PYTHONHASHSEED="random"))["PYTHONHASHSEED"] == "0"


def test_variable_of_the_user_s_wins_and_flags_are_appended():
    environment = dict(clean(), NCCL_ALGO="Tree", XLA_FLAGS="--xla_mine=1")
    under = seen(*python(PRINT), env=environment)
    assert under["NCCL_ALGO"] == "Tree"
    assert under["XLA_FLAGS"] == "--xla_mine=1 --xla_gpu_deterministic_ops=true"


def test_portable_means_one_thread_and_fixed_features():
    under = seen(*python(PRINT), options=["--level", "portable"])
    for name in "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS":
        assert under[name] == "1"
    assert under["ATEN_CPU_CAPABILITY"] == "default" and under["MKL_CBWR"] == "COMPATIBLE"
    # but not one CPU: affinity belongs to the control thread-order
    code = "import os; print(len(os.sched_getaffinity(0)))"
    assert int(run(*python(code), options=["--level", "portable"]).stdout) == len(os.sched_getaffinity(0))


def addresses_can_be_fixed():
    """Asked of the kernel in a child, so that this process stays as it is."""
    code = "import ctypes; print(ctypes.CDLL(None).personality(0x0040000))"
    return subprocess.run(python(code), capture_output=True, text=True).stdout.strip() != "-1"


def test_addresses_are_fixed_or_it_is_said():
    code = "print(id(object()))"
    first, second = run(*python(code)), run(*python(code))
    if addresses_can_be_fixed():
        assert first.stdout == second.stdout and first.stderr == ""
    else:
        assert "addresses could not be fixed: personality() is refused here" in first.stderr


def refuse_personality():
    """As the default seccomp profile of container engines does: any value but a query is EPERM."""
    number = {"x86_64": 135, "aarch64": 92}[os.uname().machine]

    def step(code, true, false, k):
        return struct.pack("HBBI", code, true, false, k)

    program = b"".join([
        step(0x20, 0, 0, 0),            # load the number of the call
        step(0x15, 0, 3, number),       # not personality: allow
        step(0x20, 0, 0, 16),           # load the low half of its argument
        step(0x15, 1, 0, 0xFFFFFFFF),   # a query: allow
        step(0x06, 0, 0, 0x00050001),   # EPERM
        step(0x06, 0, 0, 0x7FFF0000),   # allow
    ])
    text = ctypes.create_string_buffer(program, len(program))
    filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0            # PR_SET_NO_NEW_PRIVS
    assert libc.prctl(22, 2, filter_program) == 0     # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def test_refused_addresses_are_said_not_hidden():
    done = run(*python("print('ran')"), preexec_fn=refuse_personality)
    assert (done.returncode, done.stdout) == (0, "ran\n")
    assert done.stderr == ("oneseed: not controlled: addresses could not be fixed: personality() is refused here "
                           "(container seccomp profile)\n")
    done = subprocess.run([TOOL, "run", "--explain"], capture_output=True, text=True, preexec_fn=refuse_personality)
    assert re.search(r"personality\(ADDR_NO_RANDOMIZE\|ADDR_COMPAT_LAYOUT\) +refused here", done.stdout)


def test_fixed_mappings_lie_where_they_cost_no_time():
    """At the top of the address space a loop in Python took 5 to 15 % longer (Xeon, Linux 6.18); 0x0200000 is ADDR_COMPAT_LAYOUT."""
    layout = run(*python("print(open('/proc/self/personality').read())")).stdout.split()
    assert layout == (["00240000"] if addresses_can_be_fixed() else ["00000000"])


def test_a_program_with_a_map_of_its_own_runs(tmp_path):
    """ThreadSanitizer ends a program whose mappings lie elsewhere than at the top."""
    source = '#include <stdio.h>\nint main(void) { static int x; return printf("%p ran\\n", (void *)&x) < 0; }\n'
    (tmp_path / "program.c").write_text(source)
    subprocess.run(["cc", "-fsanitize=thread", tmp_path / "program.c", "-o", tmp_path / "program"], check=True)
    first, again = run(tmp_path / "program"), run(tmp_path / "program")
    assert (first.returncode, first.stderr) == (0, "") and first.stdout.endswith(" ran\n")
    assert first.stdout == again.stdout or not addresses_can_be_fixed()


def test_addresses_of_a_child_are_fixed():
    if not addresses_can_be_fixed():
        assert "personality() is refused" in run("true").stderr
        return
    words = ["sh", "-c", f'"{sys.executable}" -c "print(id(object()))"']
    assert run(*words).stdout == run(*words).stdout


def test_stack_begins_at_one_place_whatever_is_set():
    """The filler makes up for settings of another length, so that only what is meant to change changes."""
    code = """
import ctypes
libc = ctypes.CDLL(None)
libc.getenv.restype = ctypes.c_void_p
words = open('/proc/self/stat').read().rpartition(')')[2].split()
print(words[25])  # startstack
"""
    if not addresses_can_be_fixed():
        assert "personality() is refused" in run("true").stderr
        return
    places = {run(*python(code), options=options, env=clean()).stdout
              for options in ([], ["--seed", "1234567"], ["--strict"], ["--level", "portable"], ["--clock", "ticking"])}
    assert len(places) == 1


# --- --explain -------------------------------------------------------------------------------------------------------


def test_explain_runs_nothing(tmp_path):
    file = tmp_path / "made"
    done = subprocess.run([TOOL, "run", "--explain", "--", "touch", str(file)], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "" and not file.exists()
    assert done.stdout.splitlines()[0].split() == ["SETTING", "VALUE", "WAS", "LEVEL", "COST"]


def test_explain_says_what_is_set():
    """Every variable of the table is set to the value that is shown, and nothing that is not shown is set."""
    for level in "seeds", "process", "portable":
        rows = explained("--level", level, "--seed", "9")
        under = seen(*python(PRINT), options=["--level", level, "--seed", "9"])
        bare = clean()
        shown = {name: row[0] for name, row in rows.items() if re.fullmatch("[A-Z_]+", name)}
        assert {name: value for name, value in under.items() if name not in bare and name != "LC_CTYPE"} == shown


def test_explain_levels():
    assert set(row[2] for row in explained("--level", "seeds").values()) == {"seeds"}
    assert set(row[2] for row in explained().values()) == {"seeds", "process"}
    assert set(row[2] for row in explained("--level", "portable").values()) == {"seeds", "process", "portable"}


def test_explain_shows_what_the_user_set():
    rows = explained(env=dict(clean(), NCCL_ALGO="Tree", PYTHONHASHSEED="random"))
    assert rows["NCCL_ALGO"] == ("Tree", "Tree", "process")
    assert rows["PYTHONHASHSEED"] == ("0", "random", "process")
    assert rows["root seed"][0] == "0"


def test_explain_every_row_has_cost_and_source():
    done = subprocess.run([TOOL, "run", "--explain", "--level", "portable"], capture_output=True, text=True, env=clean())
    lines = done.stdout.splitlines()[1:]
    assert len(lines) % 2 == 0 and len(lines) > 40
    for row, source in zip(lines[::2], lines[1::2]):
        assert len(re.split(r"\s{2,}", row)) == 5, row
        assert re.fullmatch(r"    (https://\S+|[a-z_-]+\(\d\)(, [a-z_]+\(\d\))*)", source), source


def test_settings_reach_a_child_with_an_environment_of_its_own():
    words = ["env", "-i", sys.executable, "-c", "import os; print(hash('a'), os.environ.get('CUBLAS_WORKSPACE_CONFIG'))"]
    first = run(*words, options=["--seed", "3"], env=clean())
    assert first.stdout.endswith(" :4096:8\n")
    assert run(*words, options=["--seed", "3"], env=clean()).stdout == first.stdout
