"""One study in PostgreSQL that several scans fill at once: nothing lost, nothing doubled, whoever dies. The cluster is our own."""
import collections
import json
import os
import signal
import subprocess
import time

import postgres_cluster
import pytest
from tool import TOOL, until

N_RUNS = 40


@pytest.fixture(scope="module")
def cluster():
    own = postgres_cluster.Cluster()
    yield own
    own.remove()


def ask(cluster, query):
    done = subprocess.run(
        [postgres_cluster.programs() / "psql", "-XAtq", "-F", " ", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "tester", "-c", query,
         "postgres"], capture_output=True, text=True, timeout=30, env={**os.environ, "PGPASSWORD": postgres_cluster.PASSWORD},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [tuple(line.split(" ")) for line in done.stdout.splitlines()]


def runs_of(cluster, name, columns):
    runs = "oneseed.run join oneseed.studies on studies.id = run.study"
    return ask(cluster, f"select {columns} from {runs} where name = '{name}' order by seed, attempt")


def start(folder, address, *options, script="echo $1 >>started; sleep 0.1; echo v=$1.5", seeds=f"0:{N_RUNS}", lease="2"):
    return subprocess.Popen(
        [TOOL, "scan", "-o", address, "--seeds", seeds, "--level", "bare", "-m", "v=v=([0-9.]+)", *options,
         "--", "sh", "-c", script, "sh", "{seed}"],
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "ONESEED_LEASE_S": lease},
    )  # fmt: skip


def finished(scan, status=0):
    output, errors = scan.communicate(timeout=60)
    assert scan.returncode == status, (scan.returncode, output, errors)
    for secret in (postgres_cluster.PASSWORD, postgres_cluster.QUOTED):
        assert secret not in output + errors
    return output, errors


def n_started(folder):
    return len((folder / "started").read_text().split()) if (folder / "started").exists() else 0


def test_three_scans_one_killed_and_the_server_restarted(cluster, tmp_path):
    address = cluster.address("together")
    scans = [start(tmp_path, address, "--json") for _ in range(3)]
    assert until(lambda: n_started(tmp_path) >= 8, 20)
    scans[0].send_signal(signal.SIGKILL)
    scans[0].communicate(timeout=20)
    assert until(lambda: n_started(tmp_path) >= 14, 20)
    cluster.stop("immediate")
    time.sleep(0.5)
    cluster.start()
    answers = [json.loads(finished(scan)[0]) for scan in scans[1:]]
    assert runs_of(cluster, "together", "seed, attempt, status") == [(str(seed), "1", "done") for seed in range(N_RUNS)]
    assert ask(cluster, "select count(*) from oneseed.claim") == [("0",)]
    # Only what the killed one had in hand was started again: a run that had begun, and one that was about to be stored.
    starts = collections.Counter((tmp_path / "started").read_text().split())
    assert set(starts) == {str(seed) for seed in range(N_RUNS)}
    assert sum(starts.values()) <= N_RUNS + 2
    # Whoever ends says what the study holds, not what it did itself.
    for answer in answers:
        assert (answer["done"], answer["failed"]) == (N_RUNS, 0)
        assert answer["metrics"]["v"]["n"] == N_RUNS
        assert answer["metrics"]["v"]["mean"] == pytest.approx(20.0)


def test_a_claim_of_the_dead_expires(cluster, tmp_path):
    address = cluster.address("expires")
    first = start(tmp_path, address, seeds="0:3", script="[ $1 != 0 ] || [ -e done ] || sleep 60; echo v=$1.5")
    assert until(lambda: ask(cluster, "select count(*) from oneseed.claim") == [("1",)], 20)
    first.kill()
    first.communicate(timeout=20)
    (tmp_path / "done").touch()
    begun = time.monotonic()
    second = start(tmp_path, address, seeds="0:3", script="[ $1 != 0 ] || [ -e done ] || sleep 60; echo v=$1.5")
    finished(second)
    assert time.monotonic() - begun > 0.5  # it waited for the end of the claim
    assert runs_of(cluster, "expires", "seed, status") == [("0", "done"), ("1", "done"), ("2", "done")]


def test_a_slow_worker_keeps_its_claim(cluster, tmp_path):
    address = cluster.address("slow")
    script = "echo $1 >>started; [ $1 != 0 ] || sleep 3; echo v=$1.5"
    scans = [start(tmp_path, address, seeds="0:2", script=script, lease="1") for _ in range(2)]
    for scan in scans:
        finished(scan)
    assert sorted((tmp_path / "started").read_text().split()) == ["0", "1"]


def test_another_scan_of_that_name_is_refused(cluster, tmp_path):
    address = cluster.address("named")
    finished(start(tmp_path, address, seeds="0:2"))
    for seeds, options, what in (("0:3", [], "seeds"), ("0:2", ["--retries", "1"], "options")):
        _, errors = finished(start(tmp_path, address, *options, seeds=seeds), 2)
        assert f"its {what} is another" in errors and "#NAME" in errors
    assert runs_of(cluster, "named", "seed") == [("0",), ("1",)]


def test_a_failed_run_is_tried_again_by_whoever_is_there(cluster, tmp_path):
    address = cluster.address("retries")
    script = "echo $1 >>started; [ $(grep -c \"^$1\\$\" started) = 3 ]"
    scans = [start(tmp_path, address, "--retries", "2", "--allow-missing", seeds="0:6", script=script) for _ in range(2)]
    for scan in scans:
        finished(scan, 1)  # the metric is not there
    assert runs_of(cluster, "retries", "seed, attempt, status") == [
        (str(seed), str(attempt), "done" if attempt == 3 else "failed") for seed in range(6) for attempt in (1, 2, 3)
    ]


def test_each_task_of_an_array_takes_what_is_left(cluster, tmp_path, monkeypatch):
    """A shared study needs no shards: a task that dies leaves its runs to the others."""
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "1")
    monkeypatch.setenv("SLURM_ARRAY_TASK_COUNT", "2")
    finished(start(tmp_path, cluster.address("array"), seeds="0:5"))
    assert len(runs_of(cluster, "array", "seed")) == 5


@pytest.mark.parametrize("lease", ["", "0", "soon", "nan"])
def test_a_lease_that_is_none(cluster, tmp_path, lease):
    _, errors = finished(start(tmp_path, cluster.address("lease"), lease=lease), 2)
    assert f"ONESEED_LEASE_S={lease}: not a number of seconds" in errors


def test_which_gpu_a_task_has_is_no_difference(cluster, tmp_path, monkeypatch):
    for gpus, status in (("0", 0), ("1", 0), ("GPU-8932f937", 0), ("0,1", 2)):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", gpus)
        _, errors = finished(start(tmp_path, cluster.address("gpus"), seeds="0:2"), status)
    assert "CUDA_VISIBLE_DEVICES was 1 GPUs, is 2 GPUs" in errors


def test_what_changed_is_said_without_the_password(cluster, tmp_path):
    (tmp_path / "run.sh").write_text("echo v=1.5")
    arguments = ["--seeds", "0:2", "--level", "bare", "-m", "v=v=(.*)", "--", "sh", "run.sh", "{seed}"]
    for text, status in (("echo v=1.5", 0), ("echo v=2.5", 2)):
        (tmp_path / "run.sh").write_text(text)
        scan = subprocess.Popen([TOOL, "scan", "-o", cluster.address("changed"), *arguments], cwd=tmp_path, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
        _, errors = finished(scan, status)
    assert "run.sh changed" in errors


def test_a_metric_is_added_on_resume(cluster, tmp_path):
    """Arrays that are empty, shorter, and longer than its place; nan; steps."""
    address, kept = cluster.address("forgotten"), ["--folders", "kept", "--keep-output"]
    script = "test $1 -gt 2 && echo v=$1.5; test $1 = 5 && echo w=nan; echo w=1; "
    script += "test $1 = 6 || echo w=$1.25; test $1 = 1 || echo '{\"u\": 7}' >>$ONESEED_LOG"
    finished(start(tmp_path, address, *kept, script=script, seeds="0:8"), status=1)
    more = ["-m", "w=w=(.*)", "-m", "x=x=(.*)"]
    add = subprocess.Popen([TOOL, "scan", "--resume", address, *more, "--seeds", "0:9"], cwd=tmp_path, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    _, errors = finished(add, status=1)
    assert "w: 8 of 8 runs have it, read from what was kept\n" in errors and "x: 0 of 8 runs have it; in 8 it is not there\n" in errors
    values = [f"{'NULL' if k < 3 else f'{k}.5'} {'NULL' if k == 1 else 7} {1 if k == 6 else f'{k}.25'} NULL" for k in range(9)]
    columns = ", ".join(f"coalesce(metrics[{k}]::text, 'NULL')" for k in range(1, 5))
    assert runs_of(cluster, "forgotten", columns) == [tuple(row.split()) for row in values]
    assert runs_of(cluster, "forgotten", "distinct array_lower(metrics, 1), seed, attempt") == [("1", str(k), "1") for k in range(9)]
    steps = "(select string_agg(value::text, ',' order by n) from oneseed.step where step.run = run.id and metric = 2)"
    assert runs_of(cluster, "forgotten", f"coalesce({steps}, '-')")[5:8] == [("NaN,1,5.25",), ("-",), ("1,7.25",)]
    # Again, by two at once: nothing is written twice.
    again = [subprocess.Popen(add.args, cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
             for _ in range(2)]  # fmt: skip
    for scan in again:
        finished(scan, status=1)
    assert runs_of(cluster, "forgotten", f"coalesce({steps}, '-')")[5:8] == [("NaN,1,5.25",), ("-",), ("1,7.25",)]


def test_a_definition_that_found_nothing_is_mended(cluster, tmp_path):
    address = cluster.address("mended")
    finished(start(tmp_path, address, "-m", "w=nothing (.*)", "--folders", "kept", "--keep-output", script="echo v=$1.5", seeds="0:3"), 1)
    for how, status, words in (("w=v=(.*)", 0, "w: 3 of 3 runs have it"), ("w=v", 2, "found by 'v=(.*)': that cannot change")):
        scan = subprocess.Popen([TOOL, "scan", "--resume", address, "-m", how], cwd=tmp_path, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
        _, errors = finished(scan, status)
        assert words in errors
