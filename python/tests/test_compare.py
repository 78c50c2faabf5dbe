"""Modes compared as the command line compares them."""

import json
import os
import subprocess
import xml.etree.ElementTree as xml

import pytest

import logitlab as ll

BINARY = os.environ.get("LOGITLAB_BINARY")
ASKED = {"modes": ["bf16", "f32+logits=bf16"], "formulas": ["closed", "tail"], "p": ["0.9", "1-1e-6"], "cases": 4}


@pytest.mark.skipif(not BINARY, reason="LOGITLAB_BINARY names no binary")
def test_it_is_what_the_command_line_says():
    text = {name: ",".join(value) if isinstance(value, list) else value for name, value in ASKED.items()}
    options = [f"--{name}={value}" for name, value in text.items()]
    done = subprocess.run([BINARY, "compare", *options, "--format=json"], capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    theirs.pop("schema")
    assert ll.compare(**ASKED).report == theirs


def test_a_frame_and_a_figure():
    pytest.importorskip("polars")
    found = ll.compare(**ASKED)
    frame = found.to_polars()
    assert frame.height == 2 * 2 * 2 and found.to_arrow().num_rows == 8
    assert xml.fromstring(found.to_svg()).tag.endswith("svg")
    assert found._repr_html_().startswith("<svg") and "closed" in repr(found)


@pytest.mark.parametrize(
    "asked, kind, message",
    [
        ({"modes": "bf16"}, TypeError, r"modes: expected a list of names, as in \['bf16'\]"),
        ({"modes": ["bf17"]}, ValueError, "modes: .*bf17"),
        ({"formulas": ["clozed"]}, ValueError, "formulas: no `clozed`, only .*closed"),
        ({"p": [1]}, ValueError, "p: expected a probability strictly between 0 and 1"),
        ({"k": 1}, ValueError, "k: expected a number from 2"),
        ({"cases": 0}, ValueError, "cases"),
    ],
)
def test_wrong_calls(asked, kind, message):
    with pytest.raises(kind, match=message):
        ll.compare(**asked)
