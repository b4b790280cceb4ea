"""Options of `oneseed run`, refusals, and what is said about programs that cannot be controlled."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

from tool import TOOL, python, run


def tool(*words, **settings):
    settings.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([TOOL, *words], capture_output=True, text=True, timeout=60, **settings)


@pytest.mark.parametrize("words, status, said", [
    ([], 2, "no command given"),
    (["nonsense"], 2, "nonsense: unknown command"),
    (["--nonsense"], 2, "--nonsense: unknown option"),
    (["run"], 125, "run: no command given"),
    (["run", "--"], 125, "run: no command given"),
    (["run", "--nonsense", "true"], 125, "run: --nonsense: unknown or ambiguous option"),
    (["run", "--seed"], 125, "run: --seed: needs a value"),
    (["run", "--level", "high", "true"], 125, "run: --level high: not one of seeds, process, portable"),
    (["run", "--clock", "slow", "true"], 125, "run: --clock slow: not one of frozen, ticking"),
    (["run", "--os-entropy", "real", "true"], 125, "run: --os-entropy real: only `seeded` is known"),
])
def test_bad_usage_is_two_lines(words, status, said):
    done = tool(*words)
    assert done.returncode == status and done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0] == f"oneseed: {said}" and lines[1].startswith("oneseed: try `oneseed") and len(lines) == 2


@pytest.mark.parametrize("seed", ["", "x", "-1", "+1", " 1", "1 ", "1.0", "0x10", "18446744073709551616", "1e3"])
def test_seed_is_refused(seed):
    done = tool("run", "--seed", seed, "true")
    assert done.returncode == 125
    assert done.stderr.splitlines()[0] == (
        f"oneseed: run: --seed {seed}: not a whole number from 0 to 18446744073709551615"
    )


@pytest.mark.parametrize("seed", ["0", "1", "4294967295", "4294967296", "18446744073709551615"])
def test_seed_is_taken(seed):
    done = tool("run", "--seed", seed, "--explain")
    row = [line for line in done.stdout.splitlines() if line.startswith("root seed")][0]
    assert row.split()[2] == seed


def test_help_and_version():
    for words in (["--help"], ["run", "--help"]):
        done = tool(*words)
        assert done.returncode == 0 and done.stdout.startswith("usage: oneseed ") and done.stderr == ""
    done = tool("--version")
    assert done.returncode == 0 and done.stdout.startswith("oneseed ") and done.stdout.count("\n") == 1
    assert "run" in tool("--help").stdout.split()


def test_help_lists_every_option():
    text = tool("run", "--help").stdout
    page = (pathlib.Path(__file__).parents[2] / "docs" / "oneseed-run.1").read_text()
    for option in "seed", "level", "strict", "record", "clock", "os-entropy", "explain":
        assert f"--{option}" in text
        assert f"Fl -{option}" in page


def test_answer_to_a_full_disk():
    with open("/dev/full", "w") as full:
        for words, status in (["--help"], 2), (["run", "--explain"], 125):
            done = subprocess.run([TOOL, *words], stdout=full, stderr=subprocess.PIPE, text=True)
            assert (done.returncode, done.stderr) == (status, "oneseed: stdout: No space left on device\n")


# --- --record --------------------------------------------------------------------------------------------------------


def test_record_makes_a_trace(tmp_path):
    folder = tmp_path / "trace"
    done = run(*python("import random; random.seed(1); random.random()"), options=["--record", str(folder)])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (folder / "0.trace").stat().st_size > 0


def test_record_takes_an_empty_folder_and_refuses_a_full_one(tmp_path):
    assert run("true", options=["--record", str(tmp_path)]).returncode == 0
    done = run("true", options=["--record", str(tmp_path)])
    assert done.returncode == 125
    assert done.stderr == f"oneseed: --record {tmp_path}: the folder is not empty; name a new one\n"


def test_record_refusals_are_one_line(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    for folder in file, tmp_path / "no" / "such", "/proc/oneseed":
        marker = tmp_path / "ran"
        done = run("touch", str(marker), options=["--record", str(folder)])
        assert done.returncode == 125
        assert done.stderr.startswith("oneseed: ") and str(folder) in done.stderr and done.stderr.count("\n") == 1
        assert not marker.exists()


def test_record_into_an_unwritable_folder(tmp_path):
    """As another user than root, for whom nothing is unwritable: with a copy of the tool that he can read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        os.chmod(base, 0o755)
        shutil.copy(TOOL, f"{base}/oneseed")
        shutil.copytree(pathlib.Path(TOOL).parent / "lib" / "oneseed", f"{base}/lib/oneseed")
        os.mkdir(f"{base}/locked", 0o555)
        done = subprocess.run(
            [f"{base}/oneseed", "run", "--record", f"{base}/locked", "true"], capture_output=True, text=True, cwd="/",
            env=dict(os.environ, TMPDIR="/tmp"), preexec_fn=lambda: os.geteuid() == 0 and os.setuid(65534)
        )
    assert (done.returncode, done.stderr) == (125, f"oneseed: {base}/locked: Permission denied\n")


# --- What cannot be controlled is said ---------------------------------------------------------------------------------


def said(*words, **settings):
    done = run(*words, **settings)
    lines = [line for line in done.stderr.splitlines() if line.startswith("oneseed: not controlled: ")]
    assert len(lines) <= 1
    return done.returncode, lines[0][len("oneseed: not controlled: "):] if lines else ""


@pytest.mark.parametrize("options, letter", [(["-I"], "I"), (["-E"], "E"), (["-S"], "S"), (["-uBE"], "E"), (["-X", "dev", "-I"], "I")])
def test_isolated_python(options, letter):
    status, text = said(sys.executable, *options, "-c", "pass")
    assert status == 0 and f"python -{letter} starts without the recorder" in text


@pytest.mark.parametrize("options", [[], ["-u"], ["-W", "ignore"], ["-X", "dev"], ["-OO"]])
def test_other_options_of_python_are_no_isolation(options):
    assert "starts without" not in said(sys.executable, *options, "-c", "import sys; sys.exit('-I' in sys.argv)", "-E")[1]


def test_static_program(tmp_path):
    source = tmp_path / "static.c"
    source.write_text("int main(void) { return 3; }\n")
    program = tmp_path / "static"
    subprocess.run(["cc", "-static", source, "-o", program], check=True)
    assert said(str(program)) == (3, "static is statically linked")


def test_script_of_a_static_interpreter(tmp_path):
    source = tmp_path / "static.c"
    source.write_text("int main(void) { return 3; }\n")
    subprocess.run(["cc", "-static", source, "-o", tmp_path / "static"], check=True)
    script = tmp_path / "script"
    script.write_text(f"#!{tmp_path}/static -x\n")
    script.chmod(0o755)
    assert said(str(script)) == (3, "static is statically linked")


def test_program_for_another_machine_is_left_alone(tmp_path):
    """A preload of another word size would make the loader complain on the program's stderr."""
    program = tmp_path / "other"
    image = bytearray(pathlib.Path(shutil.which("true")).resolve().read_bytes())
    image[18:20] = (8).to_bytes(2, "little")  # EM_MIPS
    program.write_bytes(image)
    program.chmod(0o755)
    bare = subprocess.run(["env", str(program)], capture_output=True, text=True)
    done = run(str(program))
    assert done.returncode == bare.returncode
    note = "oneseed: not controlled: other is a program for another machine or word size\n"
    assert done.stderr == bare.stderr + note or bare.returncode == 126


def test_dynamic_program_says_nothing():
    done = run("true")
    assert (done.returncode, done.stdout) == (0, "")
    assert [line for line in done.stderr.splitlines() if "personality() is refused" not in line] == []


def test_seeded_entropy_is_loud():
    done = run("true", options=["--os-entropy", "seeded"])
    assert done.returncode == 0
    assert "WARNING: --os-entropy seeded" in done.stderr


def test_seeded_entropy_is_refused_for_set_uid(tmp_path):
    program = tmp_path / "privileged"
    shutil.copy(shutil.which("true"), program)
    program.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(program, 65534, 65534)  # set-uid to another than us
    program.chmod(0o6755)
    done = run(str(program), options=["--os-entropy", "seeded"])
    expected = 125 if os.geteuid() == 0 else 0  # without root every program of ours would become ourselves
    assert done.returncode == expected
    if expected:
        assert "seeded OS entropy is refused for a program with privileges" in done.stderr


# --- Installation ------------------------------------------------------------------------------------------------------


def test_support_is_found_beside_and_above_and_by_variable(tmp_path):
    support = pathlib.Path(TOOL).parent / "lib" / "oneseed"
    beside = tmp_path / "a b:c"  # characters that LD_PRELOAD cannot hold
    (beside / "lib").mkdir(parents=True)
    shutil.copytree(support, beside / "lib" / "oneseed")
    shutil.copy(TOOL, beside / "oneseed")
    above = tmp_path / "prefix"
    (above / "bin").mkdir(parents=True)
    (above / "lib").mkdir()
    shutil.copytree(support, above / "lib" / "oneseed")
    shutil.copy(TOOL, above / "bin" / "oneseed")
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(TOOL, alone / "oneseed")
    code = "import random; print(random.random())"
    expected = run(*python(code), options=["--seed", "5"]).stdout
    for program in beside / "oneseed", above / "bin" / "oneseed":
        done = subprocess.run([program, "run", "--seed", "5", "--", *python(code)], capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")
    done = subprocess.run([alone / "oneseed", "run", "true"], capture_output=True, text=True)
    assert done.returncode == 125 and "liboneseed_preload.so is not there" in done.stderr and done.stderr.count("\n") == 1
    done = subprocess.run([alone / "oneseed", "run", "--seed", "5", "--", *python(code)], capture_output=True, text=True,
                          env=dict(os.environ, ONESEED_SUPPORT=str(support)))
    assert (done.returncode, done.stdout) == (0, expected)
