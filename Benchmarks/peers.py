"""What a user would otherwise have: found on this machine, or made in a folder of the build."""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import venv

REQUIREMENTS = ["dvc==3.67.1", "gto==1.10.1"]
DUCKDB = "duckdb==2.0.0"
FRAMES = ["polars==2.1.0", "pillow==13.0.0"]
CLEANLAB = "cleanlab==2.9.0"


def python_tools(build_folder):
    """The folder that holds `dvc` and `gto`, or None when there is no way to get them."""
    named = os.environ.get("SLIPWAY_BENCH_VENV")
    if named:
        return has_tools(pathlib.Path(named) / "bin")
    if shutil.which("dvc") and shutil.which("gto"):
        return pathlib.Path(shutil.which("dvc")).parent
    folder = build_folder / "bench-peers"
    if has_tools(folder / "bin"):
        return folder / "bin"
    print(f"installing {' and '.join(REQUIREMENTS)} into {folder}", file=sys.stderr)
    try:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [folder / "bin" / "pip", "install", "--quiet", *REQUIREMENTS], check=True,
            stdout=sys.stderr, timeout=900)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"dvc and gto could not be installed: {error}", file=sys.stderr)
        return None
    return has_tools(folder / "bin")


def duckdb(build_folder):
    """A Python that has DuckDB, or None when there is no way to get it."""
    return python_with([DUCKDB], build_folder / "bench-duckdb")


def frames(build_folder):
    """A Python that has polars and Pillow, or None when there is no way to get them."""
    return python_with(FRAMES, build_folder / "bench-frames")


def cleanlab(build_folder):
    """A Python that has cleanlab, or None when there is no way to get it."""
    return python_with([CLEANLAB], build_folder / "bench-cleanlab")


def python_with(requirements, folder):
    python = folder / "bin" / "python"
    if python.exists():
        return python
    print(f"installing {' and '.join(requirements)} into {folder}", file=sys.stderr)
    try:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *requirements], check=True,
            stdout=sys.stderr, timeout=900)
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{' and '.join(requirements)} could not be installed: {error}", file=sys.stderr)
        return None
    return python


def has_tools(folder):
    return folder if (folder / "dvc").exists() and (folder / "gto").exists() else None


def tool(name):
    """The path of a program, also where only root looks; None when it is not installed."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def timed(command, folder, environment):
    """How long a command takes, in milliseconds, and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True,
        text=True, stdin=subprocess.DEVNULL, timeout=300)
    took = (time.perf_counter() - began) * 1000
    if done.returncode != 0:
        raise OSError(f"{command[0]}: status {done.returncode}: {done.stderr[-400:]}")
    return took, done.stdout


def dvc_environment():
    return os.environ | {
        "DVC_NO_ANALYTICS": "1", "DVC_TEST": "false", "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull}
