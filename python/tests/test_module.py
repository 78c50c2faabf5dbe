"""The stubs, and what needs no arrays."""

import ast
import inspect
import pathlib

import logitlab as ll


def test_stubs_say_what_is_there():
    stub = ast.parse((pathlib.Path(ll.__file__).parent / "__init__.pyi").read_text())
    defined = {node.name: node for node in stub.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    public = [name for name in ll.__all__ if name not in ("__version__", "arrow")]
    assert set(public) <= set(defined)
    for name in public:
        thing = getattr(ll, name)
        if inspect.isfunction(thing):
            names = [argument.arg for argument in defined[name].args.args + defined[name].args.kwonlyargs]
            assert names == list(inspect.signature(thing).parameters), name
        else:
            for member in defined[name].body:
                if isinstance(member, ast.FunctionDef):
                    assert hasattr(thing, member.name), (name, member.name)
        assert inspect.getdoc(thing), name


def test_claims():
    verdict = ll.verify("C(P) = 1", given="P : distribution")
    assert verdict.verdict == "refuted" and not verdict.ok and verdict.counterexample
    proved = ll.verify("sum(g*P) = g", given=["P : distribution", "g : real"])
    assert proved.verdict == "proved" and "by algebra" in proved.derivation
    found = ll.prove("sum(g*P) = 2*g", given=["P : distribution", "g : real"], seconds=1)
    assert not found.complete and found.missing


def test_formats():
    names = [one.name for one in ll.formats()]
    assert len(names) == len(set(names)) > 10
    assert ll.round(float("nan"), "bf16") != ll.round(float("nan"), "bf16")
    assert ll.round([[1e300, -1e300]], "fp16").tolist() == [[float("inf"), -float("inf")]]
