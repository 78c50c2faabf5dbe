"""What README says to do is what is done to test the package."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]


def commands():
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("pip install")]


def test_the_package_is_installed_for_these_tests_as_readme_says():
    assert commands() == ["pip install ./python"]
    # Nothing but where it is built, how far it is optimised, and how much is printed differs.
    recipe = re.search(r"^INSTALL_PYTHON = (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE).group(1)
    plain = re.sub(r"^(\S+=(\"[^\"]*\"|\S+) )*", "", recipe).replace("$(VENV)/bin/", "").replace("--quiet ", "")
    assert plain == commands()[0]
    assert (ROOT / "python/pyproject.toml").exists()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/book/src/how-to/use-in-python.md"])
def test_targets_that_pages_name_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / page).read_text()))
    assert named <= targets, named - targets
