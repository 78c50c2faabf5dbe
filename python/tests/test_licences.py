"""The package carries the licences of what is linked."""

import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

PYTHON = pathlib.Path(__file__).parents[1]
LIST = PYTHON / "licenses/crates.txt"


def linked():
    """Name, version and licence of every crate that is linked: not of what runs when it is built."""
    command = ["cargo", "metadata", "--format-version=1", "--locked", "--filter-platform=x86_64-unknown-linux-gnu"]
    done = subprocess.run(command, cwd=PYTHON, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    packages = {package["id"]: package for package in found["packages"]}
    depends = {node["id"]: node["deps"] for node in found["resolve"]["nodes"]}
    seen, todo = set(), [found["resolve"]["root"]]
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        for edge in depends[one]:
            is_normal = any(kind["kind"] is None for kind in edge["dep_kinds"])
            is_macro = any("proc-macro" in target["kind"] for target in packages[edge["pkg"]]["targets"])
            if is_normal and not is_macro:
                todo.append(edge["pkg"])
    lines = (f"{packages[one]['name']} {packages[one]['version']}: {packages[one]['license']}" for one in seen)
    return "\n".join(sorted(lines)) + "\n"


@pytest.mark.skipif(shutil.which("cargo") is None, reason="NOT RUN: cargo is not installed")
def test_every_linked_crate_is_listed():
    if os.environ.get("LOGITLAB_UPDATE"):
        LIST.write_text(linked())
    assert linked() == LIST.read_text(), "LOGITLAB_UPDATE=1 writes the list anew: look at what changed"


def test_licences_that_ask_for_more_are_named():
    asking = {line.split()[0] for line in LIST.read_text().splitlines() if re.search("GPL|MPL|EPL|CDDL", line)}
    assert asking == {"gmp-mpfr-sys", "rug"}
    assert all(f"`{name}`" in (PYTHON / "LICENSES.md").read_text() for name in asking)


def test_the_installed_package_has_the_texts():
    files = {pathlib.PurePath(str(path)).name: path for path in importlib.metadata.files("logitlab")}
    beginnings = {
        "LICENSES.md": "# Licences",
        "LICENSE-MIT": "",
        "LICENSE-APACHE": "",
        "LGPL-3.0.txt": "GNU LESSER GENERAL PUBLIC LICENSE",
        "GPL-3.0.txt": "GNU GENERAL PUBLIC LICENSE",
        "crates.txt": "",
        "Cargo.lock": "",
    }
    for name, beginning in beginnings.items():
        assert "dist-info" in str(files[name]), name
        text = files[name].locate().read_text()
        assert len(text) > 1000 and beginning in text[:200], name
    assert (PYTHON / "Cargo.lock").read_text() == files["Cargo.lock"].locate().read_text()


def test_what_is_linked_has_the_versions_of_the_main_package():
    locks = [(folder / "Cargo.lock").read_text() for folder in (PYTHON, PYTHON.parent)]
    own, main = (re.findall(r'name = "(.+)"\nversion = "(.+)"', lock) for lock in locks)
    names = {name for name, _ in main}
    # What a test tool of the main package brings along has its own.
    assert [one for one in own if one[0] in names and one not in main] in ([], [("nix", "0.32.0")])
