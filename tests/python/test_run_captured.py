"""What the launcher does for `check`: captured output, an ended tree, equal surroundings in all runs; and oneseed in oneseed."""
import os
import signal
import subprocess
import time

from test_run_signals import Terminal
from tool import TOOL, alive, command, python, run, until

STUBBORN = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', '''
import signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
print(1, flush=True)
time.sleep(60)
'''], start_new_session=True, stdout=subprocess.PIPE)
child.stdout.readline()
with open(sys.argv[1], 'a') as file:
    file.write(f'{os.getpid()} {child.pid}\\n')
"""


def check(*words, options=(), timeout=60, **settings):
    settings.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([TOOL, "check", "--experiments", "none", *options, "--", *words], capture_output=True, text=True,
                          timeout=timeout, **settings)


def pids(file):
    return [int(word) for word in file.read_text().split()]


def test_timeout_ends_the_whole_tree(tmp_path):
    """Also a child in a session of its own that ignores every polite signal."""
    file = tmp_path / "pids"
    begin = time.monotonic()
    done = check(*python(STUBBORN + "time.sleep(60)", str(file)), options=["--timeout", "2"])
    assert done.returncode == 2 and time.monotonic() - begin < 30
    assert len(pids(file)) >= 2 and not any(alive(pid) for pid in pids(file))


def test_what_outlives_a_captured_command_is_ended(tmp_path):
    file = tmp_path / "pids"
    check(*python(STUBBORN, str(file)))
    assert len(pids(file)) >= 4 and not any(alive(pid) for pid in pids(file))


def test_what_ends_by_itself_in_a_moment_may_do_so(tmp_path):
    file = tmp_path / "lines"
    check("sh", "-c", f"(sleep 0.3; echo done >> {file}) &")
    assert file.read_text() == "done\ndone\n"


def test_interrupt_of_check_leaves_nothing(tmp_path):
    file = tmp_path / "pids"
    process = subprocess.Popen([TOOL, "check", "--", *python(STUBBORN + "time.sleep(60)", str(file))],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert until(file.exists) and until(lambda: len(pids(file)) == 2)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    assert not any(alive(pid) for pid in pids(file))


def test_ctrl_c_in_a_terminal_leaves_nothing(tmp_path):
    file = tmp_path / "pids"
    screen = Terminal(TOOL, "check", "--", *python(STUBBORN + "time.sleep(60)", str(file)))
    try:
        assert until(file.exists) and until(lambda: len(pids(file)) == 2)
        screen.send("\x03")
        screen.exit_code()
        assert not any(alive(pid) for pid in pids(file))
    finally:
        screen.close()


def test_children_from_before_are_not_ours_to_end():
    """A shell that has a child and then becomes `oneseed check`."""
    shell = subprocess.Popen(["sh", "-c", f'sleep 60 >/dev/null 2>&1 & echo $!; exec "{TOOL}" check -- true'],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    pid = int(shell.stdout.readline())
    shell.communicate(timeout=60)
    assert alive(pid)
    os.kill(pid, signal.SIGKILL)


def test_stack_is_equally_long_in_all_runs(tmp_path):
    """Bytes of arguments and environment as the kernel sees them, with everything of ours still in it."""
    file = tmp_path / "lengths"
    code = f"""
words = open('/proc/self/stat').read().rpartition(')')[2].split()
env_start, env_end = int(words[47]), int(words[48])
open({str(file)!r}, 'a').write(f'{{env_end - env_start}}\\n')
"""
    check(*python(code))
    assert len(set(file.read_text().split())) == 1 and len(file.read_text().split()) >= 2


def test_inner_run_acts_under_outer_run():
    code = "import random; print(random.random())"
    expected = run(*python(code), options=["--seed", "6"]).stdout
    done = run(*command(*python(code), options=["--seed", "6"]), options=["--seed", "5"])
    assert done.stdout == expected != run(*python(code), options=["--seed", "5"]).stdout
    assert "a command that was started by another oneseed" in done.stderr


def test_check_does_not_claim_what_an_inner_run_did():
    done = check(*command(*python("import random; print(random.random())")))
    assert done.returncode == 2 and "a command that was started by another oneseed" in done.stdout
