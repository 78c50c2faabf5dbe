"""The notebook says what happens.

Numbers are compared by their places alone: those of NumPy in float32 differ from processor to processor.
"""

import ast
import contextlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys

NOTEBOOK = pathlib.Path(__file__).parents[1] / "examples/quickstart.ipynb"


def run(source, names):
    """What a cell prints, and then the value of its last line, as a notebook shows them."""
    tree, printed = ast.parse(source), io.StringIO()
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, str(NOTEBOOK), "exec"), names)
        value = None if last is None else eval(compile(ast.Expression(last.value), str(NOTEBOOK), "eval"), names)
    outputs = []
    if printed.getvalue():
        text = printed.getvalue().splitlines(keepends=True)
        outputs.append({"name": "stdout", "output_type": "stream", "text": text})
    if value is not None:
        data = {"text/plain": repr(value).splitlines(keepends=True)}
        outputs.append({"data": data, "execution_count": None, "metadata": {}, "output_type": "execute_result"})
    return outputs


def words(outputs):
    return re.sub(r"[-+\d.e]*\d[-+\d.e]*|(\s|\\n)+", " ", json.dumps(outputs)).split()


def test_every_cell_prints_what_the_notebook_has():
    notebook, names = json.loads(NOTEBOOK.read_text()), {}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = [run("".join(cell["source"]), names) for cell in code]
    if os.environ.get("LOGITLAB_UPDATE"):
        for cell, outputs in zip(code, found):
            cell["outputs"] = outputs
        NOTEBOOK.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    kept = [cell["outputs"] for cell in code]
    assert words(kept) == words(found), "LOGITLAB_UPDATE=1 writes them anew: look at what changed"
    assert any(found) and len(code) > 5


def test_a_training_run_is_watched():
    script = NOTEBOOK.parent / "training.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [["step", str(step)] for step in range(0, 301, 50)]
    assert lines[-1].startswith("112 rows watched")
    # It learns: the chosen action becomes likely.
    chosen = [float(re.search(r"p/mean (\S+)", line).group(1)) for line in lines[:-1]]
    assert abs(chosen[0] - 1 / 32) < 1e-4
    assert chosen[-1] > 0.9
