#!/usr/bin/env python3
"""Checks proof objects of logitlab, and uses nothing of it.

Written from docs/book/src/reference/proof-object.md and the table of laws (laws.json). Vectors are treated entry by
entry: an inner product is a sum over an index, an expectation too, and an identity of vectors one of their entries at an
index that is free. So one normal form decides `ring`, `vector`, `algebra` and all kinds of linearity; derivatives are
taken forwards, entry by entry; and conditions are decided by intervals.

    check.py [--laws FILE] [--show] OBJECT...      exit code 0 accepted, 1 refused, 2 unusable input

--show prints what is proved, as the objects state it. A file NAME.jsonl has an object on each line; - is standard input.
"""
import hashlib
import json
import os
import re
import sys
from fractions import Fraction as Q

class Refused(Exception):
    """A step, a statement or a condition that is not followed."""

class Unusable(Exception):
    """Input that is no proof object of this version."""

# ---------------------------------------------------------------------------------------------------------------------
# The language: operations by name, with the types of arguments and result; R is a real, V a vector.

SIGNATURES = {
    "neg": "R>R V>V", "add": "RR>R VV>V", "sub": "RR>R VV>V", "mul": "RR>R RV>V", "div": "RR>R VR>V", "times": "VV>V",
    "over": "VV>V", "inner": "VV>R", "norm": "V>R", "norm2": "V>R", "abs": "R>R V>V", "sqrt": "R>R V>V",
    "exp": "R>R V>V", "log": "R>R V>V", "xlogx": "R>R V>V", "xlogy": "RR>R VV>V", "sum": "V>R",
    "max": "V>R RR>R VV>V", "min": "V>R RR>R VV>V", "lse": "V>R", "softmax": "V>V", "C": "V>R", "H": "V>R VR>R",
    "H2": "V>R", "KL": "VV>R", "sigmoid": "R>R V>V", "clip": "RRR>R VRR>V", "powr": "RR>R VR>V", "TV": "VV>R",
    "chi2": "VV>R", "JS": "VV>R", "Var": "VV>R", "Cov": "VVV>R",
}
SIGNATURES = {name: [tuple(s.split(">")) for s in text.split()] for name, text in SIGNATURES.items()}
UNNAMED = {"neg", "add", "sub", "mul", "div", "times", "over", "inner", "norm", "norm2"}
SORTS = {"real": "R", "float": "R", "vector": "V", "distribution": "V", "logits": "V", "masked logits": "V",
         "subset": "V", "action": "A"}
POINTS = ("vector", "logits", "masked logits")
RELATIONS = ("=", "!=", "<=", "<", ">=", ">")
MIRROR = {"=": "=", "!=": "!=", "<=": ">=", "<": ">", ">=": "<=", ">": "<"}
WORDS = {"e", "E", "D", "K", "others", "ones", "zeros", "and", "or", "claim", "title", "source", "given", "let", "show",
         "expect", "proof", "lemma", "choose", "assume", "case", "by", "qed"} | (set(SIGNATURES) - UNNAMED)

# A term is a tuple: its head, then its parts. An action is a name, a number from 1, or ("#", k): bound by the k-th
# binder around it, counted from the inside.
ONE, ZERO, ONES, ZEROS, SIZE = ("number", Q(1)), ("number", Q(0)), ("ones",), ("zeros",), ("K",)

def children(t):
    """The places of the subterms of a term: their indices in the tuple."""
    head = t[0]
    if head in ("number", "K", "ones", "zeros", "name", "unit"): return ()
    if head in ("at", "others", "power"): return (1,)
    if head == "D": return (1,) if len(t) == 3 else (1, 3)
    return range(1, len(t))

def with_children(t, f):
    """The term with f(place, child) for each child."""
    new = list(t)
    for place in children(t): new[place] = f(place, t[place])
    return tuple(new)

def act_of(t):
    """The place of an action in a term, if it has one."""
    return {"unit": 1, "at": 2, "others": 2}.get(t[0])

def replace(t, name, action, depth=0):
    """A term with name(term, depth) for names and action(a, depth) for actions, depth binders below the top."""
    if t[0] == "name": return name(t, depth)
    new = with_children(t, lambda place, c: replace(c, name, action, depth + (t[0] == "E" and place == 2)))
    place = act_of(t)
    if place is not None: new = new[:place] + (action(t[place], depth),) + new[place + 1:]
    if t[0] == "D":
        point = name(("name", t[2]), depth)
        if point[0] != "name": raise Refused("a derivative is with respect to a name")
        new = new[:2] + (point[1],) + new[3:]
    return new

def shift(t, by):
    """A term below so many more binders."""
    if not by: return t
    return replace(t, lambda n, d: n, lambda a, d: ("#", a[1] + by) if isinstance(a, tuple) and a[1] >= d else a)

def shift_action(a, by): return ("#", a[1] + by) if isinstance(a, tuple) else a

def instantiate(t, values, actions):
    """A term of a law with values for its variables; bound actions are indices, so that nothing is captured."""
    def name(n, depth):
        if n[1] not in values: raise Refused(f"the variable {n[1]} of the law stands for nothing")
        return shift(values[n[1]], depth)

    def action(a, depth):
        if isinstance(a, str):
            if a not in actions: raise Refused(f"the action {a} of the law stands for nothing")
            return shift_action(actions[a], depth)
        return a
    return replace(t, name, action)

def map_prop(p, f, g):
    """A proposition with f of its terms and g of its actions."""
    if p[0] in RELATIONS: return (p[0], f(p[1]), f(p[2]))
    if p[0] == "action": return (p[0], p[1], g(p[2]), g(p[3]))
    return (p[0],) + tuple(map_prop(q, f, g) for q in p[1:])

def flat(p):
    """The parts of a conjunction."""
    return [q for part in p[1:] for q in flat(part)] if p[0] == "and" else [p]

def names_of(t, found=None):
    """The names and actions that stand free in a term."""
    found = set() if found is None else found
    if t[0] == "name": found.add(t[1])
    if t[0] == "D": found.add(t[2])
    place = act_of(t)
    if place is not None and isinstance(t[place], str): found.add(t[place])
    for place in children(t): names_of(t[place], found)
    return found

def prop_names(p):
    found = set()

    def action(a):
        if isinstance(a, str): found.add(a)
        return a
    map_prop(p, lambda t: names_of(t, found) and t or t, action)
    return found

class World:
    """Declared names with their sorts, and definitions in order."""

    def __init__(self, variables=(), definitions=()):
        self.variables, self.definitions = dict(variables), dict(definitions)
        self.types = {name: SORTS[sort] for name, sort in self.variables.items()}
        for name, body in self.definitions.items(): self.types[name] = self.type(body)

    def action(self, a, depth):
        good = isinstance(a, str) and self.types.get(a) == "A" or isinstance(a, tuple) and a[1] < depth
        if not good and not (isinstance(a, int) and a >= 1): raise Refused(f"{a} is no action here")

    def type(self, t, depth=0):
        """The type of a term whose names are all declared; what has none is refused."""
        head = t[0]
        place = act_of(t)
        if place is not None: self.action(t[place], depth)
        if head in ("number", "K"): return "R"
        if head in ("ones", "zeros", "unit"): return "V"
        if head == "name":
            if self.types.get(t[1]) not in ("R", "V"): raise Refused(f"{t[1]} is no declared value")
            return self.types[t[1]]
        types = "".join(self.type(t[k], depth + (head == "E" and k == 2)) for k in children(t))
        if head == "D" and self.variables.get(t[2]) not in POINTS:
            raise Refused(f"{t[2]} is no vector to differentiate by")
        fixed = {"at": ("V", "R"), "others": ("V", "V"), "power": ("R", "R")}
        if head in fixed and types == fixed[head][0]: return fixed[head][1]
        if head == "E" and types[0] == "V": return types[1]
        if head == "D" and types in ("R", "RV"): return "V" if types == "R" else "R"
        if head == "entries" and set(types) == {"R"}: return "V"
        for takes, gives in SIGNATURES.get(head, ()):
            if takes == types: return gives
        raise Refused(f"{head} does not take these arguments")

    def admit(self, p, depth=0):
        """Whether a proposition uses names as they are declared."""
        if p[0] in RELATIONS:
            if self.type(p[1], depth) != self.type(p[2], depth): raise Refused("a real is compared with a vector")
        elif p[0] == "action": self.action(p[2], depth), self.action(p[3], depth)
        else:
            for part in p[1:]: self.admit(part, depth)

    def unfolded(self, t):
        """A term without definitions."""
        def name(n, depth): return self.unfolded(self.definitions[n[1]]) if n[1] in self.definitions else n
        return replace(t, name, lambda a, d: a)

    def depends(self, t, name): return name in names_of(self.unfolded(t))

# ---------------------------------------------------------------------------------------------------------------------
# Reading text: tokens, a tree as written, and a typed term. Only 1 and 0 have no type of their own.

TOKEN = re.compile(r"\s+|(?P<word>[A-Za-z_][A-Za-z0-9_']*)|(?P<number>[0-9]+(?:\.[0-9]+)?)"
                   r"|(?P<sign><=>|=>|<=|>=|!=|\.\*|\./|[-+*/^()\[\]|<>=,:~])")

def is_whole(s): return s[0] == "number" and s[1].isdigit()

class Reader:
    """Reads the lines of a statement, or one law."""

    def __init__(self, text, world):
        self.tokens, self.at, self.world, self.bound = [], 0, world, []
        place = 0
        while place < len(text):
            match = TOKEN.match(text, place)
            if not match or match.end() - place > 2000: raise Refused(f"the statement has {text[place]!r}")
            if match.lastgroup: self.tokens.append((match.lastgroup, match.group()))
            place = match.end()
        self.tokens.append(("end", ""))

    def peek(self): return self.tokens[self.at][1]

    def next(self):
        token = self.tokens[self.at]
        self.at += token[0] != "end"
        return token

    def accept(self, text):
        if self.peek() == text and self.tokens[self.at][0] != "end":
            self.at += 1
            return True
        return False

    def expect(self, text):
        if not self.accept(text): raise Refused(f"the statement has {self.peek()!r} where {text!r} is expected")

    # The grammar, from the loosest to the tightest.
    def proposition(self):
        left = self.implication()
        return ("<=>", left, self.implication()) if self.accept("<=>") else left

    def implication(self):
        left = self.joined("or", lambda: self.joined("and", self.chain))
        return ("=>", left, self.joined("or", lambda: self.joined("and", self.chain))) if self.accept("=>") else left

    def joined(self, word, part):
        parts = [part()]
        while self.accept(word): parts.append(part())
        return (word, parts) if len(parts) > 1 else parts[0]

    def chain(self):
        values, relations = [self.sum()], []
        while self.peek() in RELATIONS:
            relations.append(self.next()[1])
            values.append(self.sum())
        return ("chain", values, relations) if relations else values[0]

    def sum(self):
        whole = ("neg", self.product()) if self.accept("-") else self.product()
        while self.peek() in ("+", "-"): whole = ("binary", self.next()[1], whole, self.product())
        return whole

    def product(self):
        whole = self.power()
        while self.peek() in ("*", "/", ".*", "./"): whole = ("binary", self.next()[1], whole, self.power())
        return whole

    def power(self):
        base = self.atom()
        while self.accept("["):
            base = ("index", base, self.sum())
            self.expect("]")
        return ("power", base, self.atom()) if self.accept("^") else base

    def atom(self):
        kind, text = self.next()
        if kind == "number": return ("number", text)
        if text == "E":
            self.expect("[")
            name = self.next()[1]
            self.expect("~")
            over = self.sum()
            self.expect("]"), self.expect("(")
            body = self.proposition()
            self.expect(")")
            return ("E", name, over, body)
        if kind == "word":
            if not self.accept("("): return ("word", text)
            return ("call", text, self.list(")"))
        if text == "(":
            inner = self.proposition()
            self.expect(")")
            return ("round", inner)
        if text == "|":
            inner = self.sum()
            self.expect("|")
            return ("bars", inner)
        if text == "<":
            left = self.sum()
            self.expect(",")
            right = self.sum()
            if self.peek() == ">=": self.tokens[self.at] = ("sign", "=")
            else: self.expect(">")
            return ("angle", left, right)
        if text == "[": return ("list", self.list("]"))
        raise Refused(f"the statement has {text!r} where a value is expected")

    def list(self, end):
        items = [self.proposition()]
        while self.accept(","): items.append(self.proposition())
        self.expect(end)
        return items

    # Types: what a tree as written can be, and the term that it is.
    def lookup(self, name): return "A" if name in self.bound else self.world.types.get(name)

    def subscript(self, name):
        base, _, index = name.rpartition("_")
        action = int(index) if index.isdigit() and int(index) else index
        if base and (isinstance(action, int) or self.lookup(index) == "A"):
            if base == "e" or self.lookup(base) == "V": return base, action
        return None

    def types(self, s):
        kind = s[0]
        if kind == "round": return self.types(s[1])
        if kind == "number": return "RV" if s[1] in ("0", "1") else "R"
        if kind in ("bars", "angle"): return "R"
        if kind == "power": return "R" if is_whole(s[2]) else self.types(s[1])
        if kind == "word":
            if s[1] in ("K", "ones", "zeros"): return "R" if s[1] == "K" else "V"
            found = self.lookup(s[1])
            if found is None and self.subscript(s[1]): return "V" if self.subscript(s[1])[0] == "e" else "R"
            return found if found in ("R", "V") else ""
        if kind == "call":
            if s[1] in ("others", "D"): return "R" if len(s[2]) == 3 else "V"
            return "".join(sorted({gives for takes, gives in self.fitting(s)}))
        if kind == "index": return "V" if s[1] == ("word", "e") else "R"
        if kind == "binary":
            left, right = self.types(s[2]), self.types(s[3])
            if s[1] in "+-": return "".join(t for t in left if t in right)
            if s[1] in (".*", "./"): return "V"
            if s[1] == "/": return left
            vector = "R" in left and "V" in right or "V" in left and "R" in right
            return ("R" if "R" in left and "R" in right else "") + ("V" if vector else "")
        if kind == "list": return "V"
        if kind == "neg": return self.types(s[1])
        if kind == "E":
            self.bound.append(s[1])
            found = self.types(s[3])
            self.bound.pop()
            return found
        return ""

    def fitting(self, s):
        if s[1] in UNNAMED or s[1] not in SIGNATURES: raise Refused(f"there is no function {s[1]}")
        arguments = [self.types(x) for x in s[2]]
        rows = [row for row in SIGNATURES[s[1]] if len(row[0]) == len(arguments)]
        return [row for row in rows if all(t in a for t, a in zip(row[0], arguments))]

    def action(self, s):
        if s[0] == "word" and self.lookup(s[1]) == "A":
            if s[1] in self.bound: return ("#", self.bound[::-1].index(s[1]))
            return s[1]
        if s[0] == "number" and s[1].isdigit() and int(s[1]) >= 1: return int(s[1])
        raise Refused("the statement has something else where an action is expected")

    def value(self, s, wanted=None):
        types = self.types(s)
        wanted = wanted or ("R" if "R" in types else "V")
        if wanted not in types: raise Refused("the statement has a value of another type than is needed")
        return self.shape(s, wanted)

    def shape(self, s, wanted):
        kind = s[0]
        if kind == "round": return self.value(s[1], wanted)
        if kind == "number":
            if wanted == "V": return ONES if s[1] == "1" else ZEROS
            return ("number", Q(s[1]))
        if kind == "word":
            if s[1] in ("K", "ones", "zeros"): return (s[1],)
            if self.lookup(s[1]) in ("R", "V"): return ("name", s[1])
            base, action = self.subscript(s[1])
            action = self.action(("word", action)) if isinstance(action, str) else action
            return ("unit", action) if base == "e" else ("at", ("name", base), action)
        if kind == "index":
            action = self.action(s[2])
            return ("unit", action) if s[1] == ("word", "e") else ("at", self.value(s[1], "V"), action)
        if kind == "neg": return ("neg", self.value(s[1], wanted))
        if kind == "bars":
            inner = self.types(s[1])
            return ("abs", self.value(s[1], "R")) if "R" in inner else ("norm", self.value(s[1], "V"))
        if kind == "angle": return ("inner", self.value(s[1], "V"), self.value(s[2], "V"))
        if kind == "list": return ("entries",) + tuple(self.value(x, "R") for x in s[1])
        if kind == "E":
            over = self.value(s[2], "V")
            self.bound.append(s[1])
            body = self.value(s[3], wanted)
            self.bound.pop()
            return ("E", over, body)
        if kind == "power": return self.power_of(s, wanted)
        if kind == "binary": return self.binary(s, wanted)
        if kind == "call": return self.call(s, wanted)
        raise Refused("the statement has a proposition where a value is expected")

    def power_of(self, s, wanted):
        base, exponent = s[1], s[2]
        if not is_whole(exponent): return ("powr", self.value(base, wanted), self.value(exponent, "R"))
        if int(exponent[1]) > 64:
            raise Refused("the statement has an exponent that is no whole number up to 64")
        if base[0] == "bars" and exponent[1] == "2" and "R" not in self.types(base[1]):
            return ("norm2", self.value(base[1], "V"))
        return ("power", self.value(base, "R"), int(exponent[1]))

    def binary(self, s, wanted):
        sign, left, right = s[1:]
        if sign in "+-": return ("add" if sign == "+" else "sub", self.value(left, wanted), self.value(right, wanted))
        if sign in (".*", "./"):
            return ("times" if sign == ".*" else "over", self.value(left, "V"), self.value(right, "V"))
        if sign == "/": return ("div", self.value(left, wanted), self.value(right, "R"))
        if wanted == "V" and not ("R" in self.types(left) and "V" in self.types(right)):
            return ("mul", self.value(right, "R"), self.value(left, "V"))
        return ("mul", self.value(left, "R"), self.value(right, wanted))

    def call(self, s, wanted):
        name, arguments = s[1], s[2]
        if name == "others" and len(arguments) == 2:
            return ("others", self.value(arguments[0], "V"), self.action(arguments[1]))
        if name == "D" and len(arguments) in (2, 3) and arguments[1][0] == "word":
            head = ("D", self.value(arguments[0], "R"), arguments[1][1])
            return head + tuple(self.value(x, "V") for x in arguments[2:])
        takes = [row[0] for row in self.fitting(s) if row[1] == wanted][0]
        return (name,) + tuple(self.value(x, t) for x, t in zip(arguments, takes))

    def prop(self, s):
        kind = s[0]
        if kind == "round": return self.prop(s[1])
        if kind == "chain":
            links = [self.compare(r, a, b) for r, a, b in zip(s[2], s[1], s[1][1:])]
            return links[0] if len(links) == 1 else ("and",) + tuple(links)
        if kind in ("and", "or"):
            parts = [self.prop(x) for x in s[1]]
            return (kind,) + tuple(q for p in parts for q in (p[1:] if p[0] == kind else (p,)))
        if kind in ("=>", "<=>"): return (kind, self.prop(s[1]), self.prop(s[2]))
        raise Refused("the statement has a value where a proposition is expected")

    def compare(self, relation, left, right):
        def is_action(s): return s[0] == "word" and self.lookup(s[1]) == "A"
        if is_action(left) or is_action(right):
            if relation not in ("=", "!="): raise Refused("actions have no order")
            return ("action", relation, self.action(left), self.action(right))
        common = [t for t in self.types(left) if t in self.types(right)]
        if not common: raise Refused("the statement compares a real with a vector")
        wanted = "R" if "R" in common else "V"
        return (relation, self.value(left, wanted), self.value(right, wanted))

def read_statement(text):
    """The lines `given`, `let` and `show` of a statement; functions of its own are written out wherever they are used."""
    world = World()
    reader = Reader(text, world)
    hypotheses, shows = [], []
    while reader.tokens[reader.at][0] != "end":
        word = reader.next()[1]
        if word not in ("given", "let", "show"): raise Refused(f"a line of the statement starts with {word!r}")
        while True:
            if word == "given" and reader.tokens[reader.at][0] == "word" and reader.tokens[reader.at + 1][1] == ":":
                name = new_name(world, reader.next()[1])
                reader.next()
                sort = reader.next()[1]
                sort += " logits" if sort == "masked" and reader.accept("logits") else ""
                if sort not in SORTS: raise Refused(f"there is no sort {sort}")
                world.variables[name], world.types[name] = sort, SORTS[sort]
            elif word == "let":
                name = reader.next()[1]
                if reader.peek() == "(":
                    while reader.peek() not in ("given", "let", "show", ""): reader.next()
                    break
                reader.expect("=")
                body = reader.value(reader.proposition())
                new_name(world, name)
                world.definitions[name], world.types[name] = body, world.type(body)
            else: (shows if word == "show" else hypotheses).append(reader.prop(reader.proposition()))
            if not reader.accept(","): break
    return world, hypotheses, shows

def new_name(world, name):
    if name in WORDS or name in world.types or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_']*", name):
        raise Refused(f"{name} cannot be declared")
    return name

# ---------------------------------------------------------------------------------------------------------------------
# Intervals: (low, whether low is excluded, high, whether high is excluded, whether zero is excluded).

INF = float("inf")
ANY = (-INF, True, INF, True, False)

def interval(low, low_open, high, high_open, nonzero=False):
    nonzero = nonzero or low > 0 or high < 0 or (low == 0 and low_open) or (high == 0 and high_open)
    return (low, low_open or low == 0 and nonzero, high, high_open or high == 0 and nonzero, nonzero)

def point(q): return interval(q, False, q, False)

POSITIVE, NONNEGATIVE, UNIT_RANGE = interval(0, True, INF, True), interval(0, False, INF, True), interval(0, False, 1, False)
OF_RELATION = {"=": point(0), "<=": NONNEGATIVE, "<": POSITIVE, ">=": interval(-INF, True, 0, False),
               ">": interval(-INF, True, 0, True), "!=": (-INF, True, INF, True, True)}

def meet(a, b):
    low = max((a[0], a[1]), (b[0], b[1]))
    high = min((a[2], not a[3]), (b[2], not b[3]))
    return interval(low[0], low[1], high[0], not high[1], a[4] or b[4])

def within(a, b):
    """Whether every number of the one is in the other."""
    return (a[0], a[1]) >= (b[0], b[1]) and (a[2], not a[3]) <= (b[2], not b[3]) and (a[4] or not b[4])

def i_add(a, b): return interval(a[0] + b[0], a[1] or b[1], a[2] + b[2], a[3] or b[3])
def i_neg(a): return (-a[2], a[3], -a[0], a[1], a[4])

def i_mul(a, b):
    corners = []
    for x, x_open in ((a[0], a[1]), (a[2], a[3])):
        for y, y_open in ((b[0], b[1]), (b[2], b[3])):
            if x == 0 or y == 0: corners.append((0, (x_open or x != 0) and (y_open or y != 0)))
            else: corners.append((x * y, x_open or y_open))
    low, high = min(corners), max(corners, key=lambda c: (c[0], not c[1]))
    return interval(low[0], low[1], high[0], high[1], a[4] and b[4])

def i_power(a, n):
    out = point(1)
    if n % 2 == 0 and a[0] < 0:
        size = max((a[2], not a[3]), (-a[0], not a[1]))
        low = (-a[2], a[3]) if a[2] <= 0 else (0, False)
        a = interval(low[0], low[1], size[0], not size[1], a[4])
    for _ in range(n): out = i_mul(out, a)
    return out

def i_recip(a):
    if not a[4]: return ANY
    if a[0] >= 0:
        return interval(0 if a[2] == INF else Q(1) / a[2], a[3], INF if a[0] == 0 else Q(1) / a[0], a[1] or a[0] == 0)
    return i_neg(i_recip(i_neg(a))) if a[2] <= 0 else (-INF, True, INF, True, True)

def i_total(a):
    """Of a sum of K >= 1 numbers."""
    if a[0] >= 0: return interval(a[0], a[1], INF, True, a[4])
    return i_neg(i_total(i_neg(a))) if a[2] <= 0 else ANY

def i_function(name, a):
    """What is known of a function of a number in an interval."""
    if name == "exp":
        low = (1, a[1]) if a[0] >= 0 else (0, True)
        high = (1, a[3]) if a[2] <= 0 else (INF, True)
        return interval(low[0], low[1], high[0], high[1])
    if name == "abs": return a if a[0] >= 0 else i_neg(a) if a[2] <= 0 else interval(0, False, INF, True, a[4])
    if name == "norm": return interval(0, False, INF, True, a[4])
    if a[0] < 0 or name in ("log",) and not a[4]: return ANY
    above, below = a[0] >= 1, a[2] <= 1
    if name == "sqrt":
        return interval(1 if above else 0, a[1], 1 if below else INF, a[3] and below or not below, a[4])
    if name in ("log", "xlogx"):
        # At 0, where x log x is 0, an open end of the range is none of its values.
        return interval(0 if above else -INF, a[1] if above else True, 0 if below else INF, a[3] and (name == "log" or a[4])
                        if below else True)
    return ANY

# ---------------------------------------------------------------------------------------------------------------------
# Polynomials with rational coefficients: {monomial: coefficient}, a monomial being a set of (atom, power). Atoms are
#   ("x", name)  ("K",)      a real
#   ("e", base, i)           the entry i of a vector that is not taken apart
#   ("d", i, j)              1 where i is j, else 0
#   ("S", monomial)          a sum over an index, which is ("i", k) inside
#   ("r", polynomial)        1 over it, whatever that is where it is zero
#   ("f", name, ...)         a function of reals;  ("g", name, ("L", p)) the largest or smallest of entries
#   ("D", ...)               a derivative that is not known

UNIT = frozenset()
LIMIT = 4_000_000

def const(q): return {UNIT: Q(q)} if q else {}
def lone(atom): return {frozenset(((atom, 1),)): Q(1)}

def plus(p, q, factor=1):
    out = dict(p)
    for m, c in q.items():
        total = out.get(m, 0) + factor * c
        if total: out[m] = total
        else: out.pop(m, None)
    return out

def key(p): return frozenset(p.items())

def renamed(x, test, depth=0):
    """Indices in nested data replaced: test(index, depth) gives the new one, or None."""
    if isinstance(x, tuple):
        new = test(x, depth)
        if new is not None: return new
        below = depth + (len(x) > 0 and x[0] in ("S", "L"))
        return tuple(renamed(y, test, below) for y in x)
    if isinstance(x, frozenset): return frozenset(renamed(y, test, depth) for y in x)
    return x

def closed(x, b):
    """With the index b bound."""
    return renamed(x, lambda y, depth: ("i", depth) if y == b else None)

def opened(x, b):
    """With the outermost bound index called b."""
    return renamed(x, lambda y, depth: b if y == ("i", depth) else None)

def has(x, part):
    if x == part: return True
    return isinstance(x, (tuple, frozenset)) and any(has(y, part) for y in x)

def indices(x, found):
    """The indices that are free in an atom."""
    if isinstance(x, frozenset):
        for y in x: indices(y, found)
    elif isinstance(x, tuple):
        if len(x) == 3 and x[0] in ("e", "d"): found.update(y for y in x[1:] if y[0] in "abc*")
        for y in x: indices(y, found)
    return found

def leading(p):
    """The leading monomial of a polynomial, by degree and then by powers of atoms in a fixed order."""
    def order(m): return sum(n for _, n in m), sorted(((hash(a), n) for a, n in m), reverse=True)
    return max(p, key=lambda term: order(term[0]))[0]

class NoDerivative(Refused):
    """What is not known to have a derivative."""

class Facts:
    """What is known where a step stands, and everything that is decided by it. Terms have their definitions unfolded."""

    depth = 0

    def __init__(self, world, props, laws):
        self.world, self.props, self.laws = world, [self.open(world, p) for p in props], laws
        self.set, self.work, self.busy, self.nearby = set(self.props), 0, set(), {}
        self.masked = {name for name, sort in world.variables.items() if sort == "masked logits"}
        self.bounds, self.memo, self.nz = [], {}, set()
        for _ in range(2):
            bounds = [b for b in map(self.bound, self.props) if b]
            self.bounds, self.memo, self.nz = bounds, {}, set()

    @staticmethod
    def open(world, p): return map_prop(p, world.unfolded, lambda a: a)

    def spend(self, n):
        self.work += n
        if self.work > LIMIT: raise Refused("this takes too much work")

    def remember(self, what, find, meanwhile=None):
        """An answer that is looked for once; where it is asked for while it is looked for, the one that says nothing."""
        if what in self.memo: return self.memo[what]
        if what in self.busy:
            if meanwhile is None: raise Refused("a value is asked for by its own parts")
            return meanwhile
        self.busy.add(what)
        try: found = find()
        finally: self.busy.discard(what)
        self.memo[what] = found
        return found

    # Actions.
    def size(self):
        for p in self.props:
            if p[0] == "=" and SIZE in p[1:]:
                other = p[2] if p[1] == SIZE else p[1]
                if other[0] == "number" and other[1].denominator == 1 and 1 <= other[1] <= 16: return int(other[1])
        return None

    def actions_at_least(self, n): return self.holds(("<=", ("number", Q(n)), SIZE))

    def same(self, a, b):
        """Whether two actions are the same: True, False, or None where that is not known."""
        if a == b: return True
        if isinstance(a, tuple) or isinstance(b, tuple): return None
        if isinstance(a, int) and isinstance(b, int): return False
        known = {p[1] for p in self.props if p[0] == "action" and {p[2], p[3]} == {a, b}}
        return True if "=" in known else False if "!=" in known else None

    def one_of(self, a):
        """The same one of all actions that are known to be a."""
        group = {a}
        for _ in self.props:
            for p in self.props:
                if p[:2] == ("action", "=") and (p[2] in group or p[3] in group): group |= {p[2], p[3]}
        return min(group, key=repr)

    def index(self, a, env): return env[-1 - a[1]] if isinstance(a, tuple) else ("a", self.one_of(a))

    # Polynomials.
    def mul(self, p, q):
        self.spend(1 + len(p) * len(q))
        out = {}
        for m, c in p.items():
            for n, d in q.items():
                if not m or not n:
                    self.into(out, m | n, c * d)
                    continue
                powers = dict(m)
                for atom, power in n: powers[atom] = powers.get(atom, 0) + power
                simpler = self.simpler(powers)
                if simpler is None: self.into(out, frozenset(powers.items()), c * d)
                else: out = plus(out, simpler, c * d)
        return out

    @staticmethod
    def into(out, m, c):
        total = out.get(m, 0) + c
        if total: out[m] = total
        else: out.pop(m, None)
        return out

    def power(self, p, n):
        out = const(1)
        for _ in range(n): out = self.mul(out, p)
        return out

    def simpler(self, powers):
        """What a product is that has an atom beside its reciprocal, a square of a root, e[c].*v and the like; or None."""
        def rest(changes):
            new = {a: n + changes.get(a, 0) for a, n in powers.items()}
            return self.again({frozenset((a, n) for a, n in new.items() if n): Q(1)})
        for atom, n in powers.items():
            kind = atom[0]
            if kind == "r":
                inner = self.single(dict(atom[1]))
                if inner in powers and self.nonzero(lone(inner)):
                    times = min(n, powers[inner])
                    return rest({atom: -times, inner: -times})
                if inner is None and self.nonzero(dict(atom[1])):
                    # With the leading term t of q: t/q = 1 - (q - t)/q.
                    q = dict(atom[1])
                    lead = leading(atom[1])
                    if all(powers.get(a, 0) >= k for a, k in lead):
                        left = rest({atom: -1, **{a: -k for a, k in lead}})
                        others = {m: -c / q[lead] for m, c in q.items() if m != lead}
                        inside = plus(const(1 / q[lead]), self.mul(others, lone(atom)))
                        return self.mul(left, inside)
            elif kind == "d":
                if n > 1: return rest({atom: 1 - n})
                moved = {a: k for a, k in powers.items() if a != atom and has(a, atom[2])}
                if moved:
                    out = rest({a: -k for a, k in moved.items()})
                    for a, k in moved.items(): out = self.mul(out, self.power(self.at(a, atom[2], atom[1]), k))
                    return out
            elif n > 1 and kind == "e" and self.world.variables.get(atom[1][1]) == "subset" and atom[1][0] == "v":
                return rest({atom: 1 - n})
            elif n > 1 and kind == "f" and atom[1] in ("sqrt", "abs", "norm"):
                inner = dict(atom[2])
                if atom[1] != "sqrt" or self.nonnegative(inner):
                    square = self.mul(inner, inner) if atom[1] == "abs" else inner
                    return self.mul(rest({atom: -2}), square)
        return None

    def again(self, p):
        """A monomial that may be simpler still."""
        (m, c), = p.items()
        simpler = self.simpler(dict(m))
        return p if simpler is None else plus({}, simpler, c)

    @staticmethod
    def single(p):
        """The atom that a polynomial is, if it is one."""
        if len(p) == 1:
            (m, c), = p.items()
            if c == 1 and len(m) == 1:
                (atom, n), = m
                return atom if n == 1 else None
        return None

    def at(self, x, b, j):
        """An atom with the index j for b, as a polynomial."""
        if not has(x, b): return lone(x)
        kind = x[0]
        if kind == "e":
            return self.entry_of(renamed(x[1], lambda y, _: j if y == b else None), j if x[2] == b else x[2])
        if kind == "d": return self.delta(*(j if y == b else y for y in x[1:]))
        if kind == "S": return self.under(lambda c: self.sum_over(self.poly_at({opened(x[1], c): Q(1)}, b, j), c))
        if kind == "r": return self.recip(self.poly_at(dict(x[1]), b, j))
        if kind == "f": return self.function(x[1], [self.poly_at(dict(y), b, j) for y in x[2:]])
        if kind == "g":
            return self.under(lambda c: lone(("g", x[1], ("L", closed(key(self.poly_at(dict(opened(x[2], c)[1]), b, j)), c)))))
        return lone(renamed(x, lambda y, _: j if y == b else None))

    def poly_at(self, p, b, j):
        out = {}
        for m, c in p.items():
            term = const(c)
            for atom, n in m: term = self.mul(term, self.power(self.at(atom, b, j), n))
            out = plus(out, term)
        return out

    def under(self, f):
        """f of an index that is used nowhere else."""
        # One count for all that is known anywhere: indices of one place go into what is known at another.
        Facts.depth += 1
        try: return f(("b", Facts.depth))
        finally: Facts.depth -= 1

    def total(self, f):
        """The sum of f(i) over all actions i."""
        size = self.size()
        if size:
            out = {}
            for i in range(1, size + 1): out = plus(out, f(("a", i)))
            return out
        return self.under(lambda b: self.sum_over(f(b), b))

    def sum_over(self, p, b):
        out = {}
        for m, c in p.items():
            inside = [pair for pair in m if has(pair[0], b)]
            outside = {m - frozenset(inside): c}
            delta = next((pair for pair in inside if pair[0][0] == "d" and b in pair[0][1:]), None)
            if not inside: term = lone(SIZE)
            elif delta:
                to = delta[0][2] if delta[0][1] == b else delta[0][1]
                inside.remove(delta)
                term = self.poly_at({frozenset(inside): Q(1)}, b, to)
            elif len(inside) == 1 and inside[0][1] == 1 and self.has_mass(inside[0][0], b): term = const(1)
            else: term = lone(("S", closed(frozenset(inside), b)))
            out = plus(out, self.mul(outside, term))
        return out

    def has_mass(self, atom, b):
        return atom[0] == "e" and atom[2] == b and atom[1][0] == "v" and self.world.variables.get(atom[1][1]) == "distribution"

    def delta(self, i, j):
        same = True if i == j else self.same(i[1], j[1]) if i[0] == j[0] == "a" else None
        return lone(("d",) + tuple(sorted((i, j), key=lambda x: (x[0] != "a", repr(x))))) if same is None else const(int(same))

    def entry_of(self, base, i):
        if base[0] == "entries" and i[0] == "a" and isinstance(i[1], int) and 1 <= i[1] < len(base):
            return dict(base[i[1]])
        return lone(("e", base, i))

    def recip(self, p, known=False):
        """1/p; taken apart only where p is known to be other than zero."""
        if len(p) == 1 and UNIT in p: return const(1 / p[UNIT])
        if not known and not self.nonzero(p) or not p: return lone(("r", key(p)))
        common = None
        for m in p:
            common = dict(m) if common is None else {a: min(n, dict(m).get(a, 0)) for a, n in common.items() if a in dict(m)}
        lead = p[leading(key(p))]
        out = const(1 / lead)
        rest = {}
        for m, c in p.items():
            powers = {a: n - common.get(a, 0) for a, n in m}
            rest[frozenset((a, n) for a, n in powers.items() if n)] = c / lead
        for atom, n in common.items():
            if atom[0] == "r" and self.nonzero(dict(atom[1])): out = self.mul(out, self.power(dict(atom[1]), n))
            else:
                self.nz.add(key(lone(atom)))
                out = self.mul(out, self.power(lone(("r", key(lone(atom)))), n))
        if rest == const(1): return out
        self.nz.add(key(rest))
        for m in rest:
            for atom, n in m:
                if atom[0] == "r" and self.nonzero(dict(atom[1])):
                    base = self.power(dict(atom[1]), n)
                    return self.mul(self.mul(out, base), self.recip(self.mul(rest, base), True))
        return self.mul(out, lone(("r", key(rest))))

    def function(self, name, arguments): return lone(("f", name) + tuple(key(p) for p in arguments))

    def cleared(self, p):
        """p without the reciprocals of what is known to be other than zero, times what that takes."""
        for _ in range(60):
            found = None
            for m in p:
                for atom, n in m:
                    if atom[0] == "r" and self.nonzero(dict(atom[1])): found = atom
            if found is None: return p
            most = max(dict(m).get(found, 0) for m in p)
            out = {}
            for m, c in p.items():
                n = dict(m).get(found, 0)
                left = {frozenset(pair for pair in m if pair[0] != found): c}
                out = plus(out, self.mul(left, self.power(dict(found[1]), most - n)))
            p = out
        raise Refused("too many divisors")

    def equal_polys(self, p, q):
        difference = plus(p, q, -1)
        return not difference or not self.cleared(difference)

    # Terms.
    def value(self, t, env=(), i=None):
        """The polynomial of a real, or of the entry i of a vector."""
        return self.remember(("value", t, env, i), lambda: self.evaluate(t, env, i))

    def evaluate(self, t, env, i):
        self.spend(1)
        head = t[0]
        def part(k, at=i): return self.value(t[k], env, at)
        if head == "number": return const(t[1])
        if head == "K": return const(self.size()) if self.size() else lone(SIZE)
        if head in ("ones", "zeros"): return const(1 if head == "ones" else 0)
        if head == "name": return lone(("x", t[1])) if i is None else self.entry_of(("v", t[1]), i)
        if head == "unit": return self.delta(self.index(t[1], env), i)
        if head == "entries": return self.entry_of(("entries",) + tuple(key(self.value(x, env)) for x in t[1:]), i)
        if head == "at": return self.value(t[1], env, self.index(t[2], env))
        if head == "others":
            c = self.index(t[2], env)
            return plus(part(1), self.mul(self.delta(c, i), self.value(t[1], env, c)), -1)
        if head == "power": return self.power(part(1), t[2])
        if head == "E":
            return self.total(lambda j: self.mul(self.value(t[1], env, j), self.value(t[2], env + (j,), i)))
        if head == "D": return self.derived(t, env, i)
        if head == "neg": return plus({}, part(1), -1)
        if head in ("add", "sub"): return plus(part(1), part(2), 1 if head == "add" else -1)
        if head == "mul": return self.mul(part(1, None), part(2))
        if head == "times": return self.mul(part(1), part(2))
        if head in ("div", "over"):
            at = None if head == "div" else i
            known = self.range(t[2], env, at)[4]
            return self.mul(part(1), self.recip(part(2, at), known))
        if head == "inner": return self.total(lambda j: self.mul(part(1, j), part(2, j)))
        if head in ("norm2", "C", "norm"):
            square = self.total(lambda j: self.power(part(1, j), 2))
            return self.function("norm", [square]) if head == "norm" else square
        if head == "sum": return self.total(lambda j: part(1, j))
        if head in ("max", "min") and len(t) == 2:
            return self.under(lambda b: lone(("g", head, ("L", closed(key(part(1, b)), b)))))
        if head in ("abs", "sqrt", "exp", "log", "xlogx", "xlogy"):
            return self.function(head, [part(k) for k in range(1, len(t))])
        if head in ("lse", "softmax"):
            total = self.total(lambda j: self.function("exp", [part(1, j)]))
            if head == "lse": return self.function("log", [total])
            return self.mul(self.function("exp", [part(1)]), self.recip(total, True))
        if head == "H" and len(t) == 2:
            return plus({}, self.total(lambda j: self.function("xlogx", [part(1, j)])), -1)
        if head == "H2": return plus({}, self.function("log", [self.value(("C", t[1]), env)]), -1)
        if head == "KL":
            return self.total(lambda j: plus(self.function("xlogx", [part(1, j)]),
                                             self.function("xlogy", [part(1, j), part(2, j)]), -1))
        return self.value(self.laws.unfold(t, self.world), env, i)

    def derived(self, t, env, i):
        """D(f, z) and D(f, z, v): by the rules of differentiation where they apply, else as it is."""
        z, near = t[2], self.near(t[2])
        of = near.value(t[1], env)
        along = None if len(t) == 3 else self.under(lambda b: ("L", closed(key(self.value(t[3], env, b)), b)))
        try:
            if not near.finite(t[1]): raise NoDerivative("what may be infinite has no derivative")
            if along is None: return near.derivative(of, z, i)
            return self.total(lambda j: self.mul(near.derivative(of, z, j), self.value(t[3], env, j)))
        except NoDerivative:
            if along is None: return lone(("e", ("D", key(of), ("v", z)), i))
            return lone(("D", key(of), ("v", z), along))

    def near(self, z):
        """What is known for all z nearby."""
        if z not in self.nearby:
            keep = [p for p in self.props if z not in prop_names(p) or self.is_open(p, z)]
            self.nearby[z] = self if len(keep) == len(self.props) and self.all_near(z) else Facts(self.world, keep, self.laws)
        return self.nearby[z]

    def all_near(self, z): return not any(z in prop_names(p) for p in self.props)

    def is_open(self, p, z):
        if p[0] not in ("<", ">", "!=") or not self.finite(p[1]) or not self.finite(p[2]): return False
        i = None if self.type(p[1]) == "R" else ("*",)
        # What is cancelled because of a fact about z might not be at other values of z.
        always = Facts(self.world, [q for q in self.props if z not in prop_names(q)], self.laws)
        try:
            for side in p[1:]: always.derivative(always.value(side, (), i), z, ("*", z))
        except Refused: return False
        return True

    def derivative(self, p, z, j):
        """The derivative of a polynomial with respect to the entry j of z."""
        out = {}
        for m, c in p.items():
            for atom, n in m:
                if has(atom, ("v", z)):
                    rest = self.mul({m - {(atom, n)}: c * n}, self.power(lone(atom), n - 1))
                    out = plus(out, self.mul(rest, self.change(atom, z, j)))
        return out

    def change(self, atom, z, j):
        """The derivative of an atom that mentions z."""
        kind = atom[0]
        if kind == "e" and atom[1] == ("v", z): return self.delta(atom[2], j)
        if kind == "S":
            return self.under(lambda b: self.sum_over(self.derivative({opened(atom[1], b): Q(1)}, z, j), b))
        if kind == "r":
            p = dict(atom[1])
            if not self.nonzero(p): raise NoDerivative("a divisor may be zero")
            return plus({}, self.mul(self.derivative(p, z, j), self.power(lone(atom), 2)), -1)
        if kind != "f": raise NoDerivative(f"{atom[0]} has no known derivative")
        name, p = atom[1], dict(atom[2])
        if name == "exp": return self.mul(lone(atom), self.derivative(p, z, j))
        if name == "abs":
            if not self.nonzero(p): raise NoDerivative("an absolute value of what may be zero")
            return self.mul(self.mul(p, self.recip(lone(atom), True)), self.derivative(p, z, j))
        if name == "xlogx" and len(p) == 1 and any(a[0] == "f" and a[1] == "exp" for m in p for a, _ in m):
            (m, c), = p.items()
            if c > 0:
                # x log x of an exponential, maybe of -inf: (x log x + x) times the derivative of log x.
                slope = {}
                for a, n in m:
                    if a[0] == "f" and a[1] == "exp": slope = plus(slope, self.derivative(dict(a[2]), z, j), n)
                    elif within(self.poly_range(lone(a)), POSITIVE):
                        slope = plus(slope, self.mul(self.recip(lone(a), True), self.derivative(lone(a), z, j)), n)
                    else: raise NoDerivative("x log x of what may not be positive")
                return self.mul(plus(lone(atom), p), slope)
        argument = dict(atom[3]) if name == "xlogy" else p
        if not within(self.poly_range(argument), POSITIVE): raise NoDerivative(f"{name} of what may not be positive")
        slope = self.derivative(argument, z, j)
        if name == "log": return self.mul(self.recip(p), slope)
        if name in ("sqrt", "norm"): return plus({}, self.mul(self.recip(lone(atom), True), slope), Q(1, 2))
        if name == "xlogx": return self.mul(plus(self.function("log", [p]), const(1)), slope)
        first = self.mul(self.derivative(p, z, j), self.function("log", [argument]))
        return plus(first, self.mul(self.mul(p, self.recip(argument)), slope))

    # Ranges.
    def nonzero(self, p): return key(p) in self.nz or self.poly_range(p)[4]
    def nonnegative(self, p): return within(self.poly_range(p), NONNEGATIVE)
    def poly_range(self, p): return self.remember(("range", key(p)), lambda: self.find_poly_range(p), ANY)

    def find_poly_range(self, p):
        out = point(0)
        for m, c in p.items():
            term = point(c)
            for atom, n in m: term = i_mul(term, i_power(self.atom_range(atom), n))
            out = i_add(out, term)
        return meet(out, self.by_facts(p))

    def by_facts(self, p):
        """What facts say of p = times*fact + number, and that a factor of what is not zero is not zero."""
        out, where = ANY, None
        for q, relation, generic in self.bounds:
            if generic:
                where = [i for i in indices(key(p), set())] if where is None else where
                for i in where:
                    fact = self.remember(("at", key(q), i), lambda: self.poly_at(q, ("*",), i), {})
                    out = meet(out, self.by_fact(p, fact, relation))
            else: out = meet(out, self.by_fact(p, q, relation))
        if len(p) == 1 and UNIT not in p and not out[4]:
            size = lone(("f", "abs", key(p)))
            if any(q == size and OF_RELATION[r][4] for q, r, _ in self.bounds): out = meet(out, OF_RELATION["!="])
        elif p and not out[4] and any(q == lone(("f", "abs", key(p))) and r == "<" for q, r, _ in self.bounds):
            out = meet(out, OF_RELATION["!="])
        return out

    @staticmethod
    def by_fact(p, fact, relation):
        known = OF_RELATION[relation]
        if len(p) == 1 and len(fact) == 1 and known[4]:
            (m, _), (n, _) = *p.items(), *fact.items()
            if m and {a for a, _ in m} <= {a for a, _ in n}:
                out = OF_RELATION["!="]
                return meet(out, Facts.times_and_rest(p, fact, known))
        return Facts.times_and_rest(p, fact, known)

    @staticmethod
    def times_and_rest(p, fact, known):
        if abs(len(p) - len(fact)) > 1: return ANY
        m = next((m for m in fact if m), None)
        if m is None or m not in p: return ANY
        times = p[m] / fact[m]
        rest = plus(p, fact, -times)
        if rest and (len(rest) > 1 or UNIT not in rest): return ANY
        scaled = known if times == 1 else i_mul(point(times), known)
        return i_add(scaled, point(rest[UNIT])) if rest else scaled

    def atom_range(self, atom):
        return self.remember(("atom", atom), lambda: meet(self.find_atom_range(atom), self.by_facts(lone(atom))), ANY)

    def find_atom_range(self, atom):
        kind = atom[0]
        if kind == "K": return interval(1, False, INF, True)
        if kind == "d": return UNIT_RANGE
        if kind == "e" and atom[1][0] == "v":
            sort = self.world.variables.get(atom[1][1])
            if sort == "distribution" and self.by_facts(lone(atom))[0] >= 0 and self.by_facts(lone(atom))[4]:
                return interval(0, True, 1, self.actions_at_least(2) and self.all_positive(atom[1]))
            return UNIT_RANGE if sort in ("distribution", "subset") else ANY
        if kind == "r": return i_recip(self.poly_range(dict(atom[1])))
        if kind == "f":
            if atom[1] == "exp" and not self.finite_key(atom[2]): return NONNEGATIVE
            return i_function(atom[1], self.poly_range(dict(atom[2])))
        if kind == "S": return self.under(lambda b: self.sum_range(opened(atom[1], b), b))
        if kind == "g": return self.under(lambda b: self.poly_range(dict(opened(atom[2], b)[1])))
        return ANY

    def all_positive(self, base): return within(self.by_facts(lone(("e", base, ("*",)))), POSITIVE)

    def sum_range(self, m, b):
        out = i_total(self.find_poly_range({m: Q(1)}))
        atoms = [a for a, _ in m]
        if len(atoms) == 1:
            if self.has_mass(atoms[0], b): return interval(0, True, 1, False)
            if atoms[0][0] == "f" and atoms[0][1] == "exp": return POSITIVE
        return out

    def finite_key(self, p):
        """Whether a polynomial has no logits that may be -inf, but below exp."""
        def finite(x):
            if isinstance(x, frozenset): return all(finite(y) for y in x)
            if not isinstance(x, tuple) or x[:2] == ("f", "exp"): return True
            if x[:1] == ("v",) and len(x) == 2 and x[1] in self.masked: return False
            return all(finite(y) for y in x)
        return not self.masked or finite(p)

    def type(self, t, depth=0): return self.world.type(t, depth)

    def range(self, t, env=(), i=None):
        """The numbers that a real, or the entry i of a vector, may be."""
        def find(): return meet(self.structural(t, env, i), self.poly_range(self.value(t, env, i)))
        return self.remember(("term", t, env, i), find, ANY)

    def structural(self, t, env, i):
        head = t[0]
        def of(k, at=i): return self.range(t[k], env, at)
        def entry(k, f=lambda x: x): return self.under(lambda b: i_total(f(self.range(t[k], env, b))))
        if head == "neg": return i_neg(of(1))
        if head in ("add", "sub"): return i_add(of(1), of(2) if head == "add" else i_neg(of(2)))
        if head in ("mul", "times"):
            return i_power(of(1), 2) if t[1] == t[2] else i_mul(of(1, None if head == "mul" else i), of(2))
        if head in ("div", "over"): return i_mul(of(1), i_recip(of(2, None if head == "div" else i)))
        if head == "power": return i_power(of(1), t[2])
        if head == "at": return self.range(t[1], env, self.index(t[2], env))
        if head == "others":
            a = of(1)
            return interval(min(a[0], 0), a[1] and a[0] < 0, max(a[2], 0), a[3] and a[2] > 0)
        if head in ("exp", "softmax"):
            if not self.finite(t[1]): return UNIT_RANGE if head == "softmax" else NONNEGATIVE
            if head == "exp": return i_function("exp", of(1))
            return interval(0, True, 1, self.actions_at_least(2))
        if head in ("abs", "sqrt", "log", "xlogx"): return i_function(head, of(1))
        if head == "inner" and t[1] != t[2]: return self.under(lambda b: i_total(i_mul(of(1, b), of(2, b))))
        if head in ("norm", "norm2", "C", "inner"):
            out = entry(1, lambda a: i_power(a, 2))
            out = meet(out, POSITIVE) if self.somewhere(t[1], env) else out
            return i_function("norm", out) if head == "norm" else out
        if head == "E":
            def one(b): return i_total(i_mul(self.range(t[1], env, b), self.range(t[2], env + (b,), i)))
            return self.under(one)
        if head == "sum": return entry(1)
        if head in ("max", "min") and len(t) == 2:
            out = self.under(lambda b: self.range(t[1], env, b))
            if self.distribution(t[1], env): out = meet(out, interval(0, head == "max", 1, False))
            return out
        if head == "H" and len(t) == 2: return i_neg(entry(1, lambda a: i_function("xlogx", a)))
        if head in self.laws.derived and (head, len(t)) not in (("max", 2), ("min", 2)):
            return self.range(self.laws.unfold(t, self.world), env, i)
        return ANY

    def somewhere(self, v, env):
        """Whether some entry is known to be other than zero."""
        if v[0] == "exp" and self.logits(v[1]) or self.distribution(v, env): return True
        return self.under(lambda b: self.range(v, env, b))[4]

    def distribution(self, v, env=()):
        if v[0] == "unit" or v[0] == "softmax" and self.logits(v[1]): return True
        if v[0] == "name" and self.world.variables.get(v[1]) == "distribution": return True
        total = self.value(("sum", v), env)
        return (self.poly_range(total) == point(1) or total == const(1)) and within(
            self.under(lambda b: self.range(v, env, b)), NONNEGATIVE)

    def subset(self, v):
        if v[0] in ("unit", "ones", "zeros") or v[0] == "name" and self.world.variables.get(v[1]) == "subset":
            return True
        return v[0] == "sub" and v[1] == ONES and self.subset(v[2])

    def finite(self, t):
        """Whether logits that may be -inf stand only below exp, lse and softmax."""
        if t[0] == "name": return t[1] not in self.masked
        if t[0] in ("exp", "lse", "softmax"): return self.logits(t[1])
        return all(self.finite(t[k]) for k in children(t))

    def logits(self, t):
        head = t[0]
        if self.finite(t) or head == "name": return True
        if head == "add": return self.logits(t[1]) and self.finite(t[2]) or self.finite(t[1]) and self.logits(t[2])
        if head == "sub": return self.logits(t[1]) and self.finite(t[2])
        if head == "mul": return self.finite(t[1]) and within(self.range(t[1]), POSITIVE) and self.logits(t[2])
        return head == "div" and self.logits(t[1]) and self.finite(t[2]) and within(self.range(t[2]), POSITIVE)

    # Decisions.
    def bound(self, p):
        """What a proposition says of the difference of its sides."""
        if p[0] not in RELATIONS or not self.finite(p[1]) or not self.finite(p[2]): return None
        generic = self.type(p[1]) == "V"
        if generic and p[0] == "!=": return None
        i = ("*",) if generic else None
        try: return plus(self.value(p[2], (), i), self.value(p[1], (), i), -1), p[0], generic
        except Refused: return None

    def equal(self, a, b, env=(), depth=0):
        """Whether two values have one normal form, entry by entry where they are vectors."""
        if not self.finite(a) or not self.finite(b): raise Refused("a value that may be infinite is calculated with")
        if self.type(a, depth) == "R": return self.equal_polys(self.value(a, env), self.value(b, env))
        size = self.size()
        entries = [("a", i) for i in range(1, size + 1)] if size else [("*",)]
        return all(self.equal_polys(self.value(a, env, i), self.value(b, env, i)) for i in entries)

    def holds(self, p, env=()):
        """Whether a proposition, definitions unfolded, is known to hold."""
        if p[0] == "and": return all(self.holds(q, env) for q in p[1:])
        if p in self.set: return True
        if p[0] == "or": return any(self.holds(q, env) for q in p[1:])
        if p[0] == "action": return self.same(*p[2:]) is (p[1] == "=")
        if p[0] not in RELATIONS: return False
        if (MIRROR[p[0]], p[2], p[1]) in self.set: return True
        if not self.finite(p[1]) or not self.finite(p[2]): return False
        if p[0] in ("=", "<=", ">=") and self.equal(p[1], p[2], env, len(env)): return True
        i = None if self.type(p[1], len(env)) == "R" else ("*",)
        left, right = p[1], p[2]
        if right in (ZERO, ZEROS): difference = ("neg", left)
        else: difference = right if left in (ZERO, ZEROS) else ("sub", right, left)
        if within(self.range(difference, env, i), OF_RELATION[p[0]]): return True
        # What stands on both sides as a summand does not matter.
        summands = {}
        collect(right, 1, summands), collect(left, -1, summands)
        out = point(0)
        for t, times in summands.items():
            out = i_add(out, i_mul(point(Q(times)), self.range(t, env, i))) if times else out
        return within(out, OF_RELATION[p[0]])

def number_of(t):
    """The number that a term of numbers alone is."""
    if t[0] == "number": return t[1]
    if t[0] == "div" and number_of(t[1]) is not None and number_of(t[2]): return number_of(t[1]) / number_of(t[2])
    return -number_of(t[1]) if t[0] == "neg" and number_of(t[1]) is not None else None

def collect(t, times, into):
    """The summands of a term, with how often each stands there."""
    if t[0] in ("add", "sub"): collect(t[1], times, into), collect(t[2], times if t[0] == "add" else -times, into)
    elif t[0] == "neg": collect(t[1], -times, into)
    elif t[0] == "mul" and number_of(t[1]) is not None: collect(t[2], times * number_of(t[1]), into)
    elif t[0] == "div" and number_of(t[2]): collect(t[1], times / number_of(t[2]), into)
    else: into[t] = into.get(t, 0) + times

# ---------------------------------------------------------------------------------------------------------------------
# Laws.

class Law:
    """For all values of its variables that meet the conditions: left relation right."""

    def __init__(self, world, conditions, relation, left, right, table):
        self.world, self.conditions, self.relation, self.table = world, conditions, relation, table
        self.left, self.right = left, right

    @staticmethod
    def all(world, conditions, p, table=False):
        """The laws that a proposition contains."""
        if p[0] in RELATIONS:
            turned = p[0] in (">", ">=")
            sides = (p[2], p[1]) if turned else (p[1], p[2])
            return [Law(world, conditions, MIRROR[p[0]] if turned else p[0], *sides, table)]
        if p[0] == "and": return [law for q in p[1:] for law in Law.all(world, conditions, q, table)]
        if p[0] == "=>": return Law.all(world, conditions + [p[1]], p[2], table)
        if p[0] == "<=>":
            return Law.all(world, conditions + [p[1]], p[2], table) + Law.all(world, conditions + [p[2]], p[1], table)
        return []

class Laws:
    """The table of laws, and what derived functions stand for."""

    def __init__(self, data):
        table = load(data, "the table of laws")
        if table.get("format") != "logitlab-laws" or table.get("version") != 1:
            raise Unusable("this is no table of laws of version 1")
        self.digest = hashlib.sha256(data).hexdigest()
        self.world = World([(name, sort) for name, sort in table["variables"]])
        self.smooth, self.directions = set(table["differentiable"]), set(table["direction"])
        self.rules, self.derived, self.definitions = {}, set(), {}
        for rule in table["rules"]:
            props = []
            for text in rule["laws"]:
                reader = Reader(text, self.world)
                props.append(reader.prop(reader.proposition()))
                if reader.tokens[reader.at][0] != "end":
                    raise Unusable(f"the law {text} does not end where it should")
                self.world.admit(props[-1])
                self.define(rule["name"], props[-1])
            self.rules[rule["name"]] = [law for p in props for law in Law.all(self.world, [], p, True)]

    def define(self, rule, p):
        """An equation of a derived function, for `x.definition`."""
        if rule.endswith(".definition") and p[0] == "=" and all(x[0] == "name" for x in p[1][1:] if isinstance(x, tuple)):
            if p[1][0] in SIGNATURES and p[1][0] not in UNNAMED:
                types = "".join(self.world.type(x) for x in p[1][1:])
                self.definitions.setdefault((p[1][0], types), ([x[1] for x in p[1][1:]], p[2]))
                self.derived.add(p[1][0])

    def unfold(self, t, world):
        """What a derived function on arguments stands for."""
        for types, _ in SIGNATURES.get(t[0], ()):
            found = self.definitions.get((t[0], types))
            # Bound actions need no check here: the term was found to have a type before.
            if found and len(types) == len(t) - 1 and all(world.type(x, 1000) == y for x, y in zip(t[1:], types)):
                return instantiate(found[1], dict(zip(found[0], t[1:])), {})
        raise Refused(f"nothing is known of {t[0]}")

# ---------------------------------------------------------------------------------------------------------------------
# Objects: terms and propositions from JSON, of which nothing is believed.

def load(data, what):
    try: return json.loads(data)
    except (ValueError, RecursionError) as error: raise Unusable(f"{what} is no JSON: {error}") from None

def need(condition, what):
    if not condition: raise Refused(f"the object is not as its format says: {what}")

def field(x, name, of):
    need(isinstance(x, dict) and name in x, f"{name} is missing")
    value = x[name]
    need(isinstance(value, of) and not (of is int and isinstance(value, bool)), f"{name} is something else")
    return value

def action_from(x):
    if isinstance(x, list):
        need(len(x) == 2 and x[0] == "#" and type(x[1]) is int and x[1] >= 0, "a bound action")
        return ("#", x[1])
    need(isinstance(x, str) or type(x) is int and x >= 1, "an action")
    return x

def term_from(x, depth=0):
    need(isinstance(x, list) and x and isinstance(x[0], str) and depth < 300, "a term")
    head, rest = x[0], x[1:]
    if head == "number":
        need(len(rest) == 1 and isinstance(rest[0], str) and len(rest[0]) < 2000 and re.fullmatch(r"[0-9]+(/[0-9]*[1-9][0-9]*)?", rest[0]), "a number")
        return (head, Q(rest[0]))
    if head in ("K", "ones", "zeros"):
        need(not rest, head)
        return (head,)
    if head == "name":
        need(len(rest) == 1 and isinstance(rest[0], str), "a name")
        return (head, rest[0])
    if head == "unit":
        need(len(rest) == 1, head)
        return (head, action_from(rest[0]))
    if head in ("at", "others"):
        need(len(rest) == 2, head)
        return (head, term_from(rest[0], depth + 1), action_from(rest[1]))
    if head == "power":
        need(len(rest) == 2 and type(rest[1]) is int and 0 <= rest[1] <= 64, head)
        return (head, term_from(rest[0], depth + 1), rest[1])
    if head == "D":
        need(len(rest) in (2, 3) and isinstance(rest[1], str), head)
        return (head, term_from(rest[0], depth + 1), rest[1]) + tuple(term_from(y, depth + 1) for y in rest[2:])
    need(head in SIGNATURES or head == "entries" and rest or head == "E" and len(rest) == 2, f"no operation {head}")
    return (head,) + tuple(term_from(y, depth + 1) for y in rest)

def prop_from(x, depth=0):
    need(isinstance(x, list) and x and isinstance(x[0], str) and depth < 300, "a proposition")
    if x[0] in RELATIONS:
        need(len(x) == 3, "a relation")
        return (x[0], term_from(x[1]), term_from(x[2]))
    if x[0] == "action":
        need(len(x) == 4 and x[1] in ("=", "!="), "a relation of actions")
        return (x[0], x[1], action_from(x[2]), action_from(x[3]))
    need(x[0] in ("and", "or") and len(x) > 2 or x[0] in ("=>", "<=>") and len(x) == 3, "a proposition")
    return (x[0],) + tuple(prop_from(y, depth + 1) for y in x[1:])

# ---------------------------------------------------------------------------------------------------------------------
# Derivations.

def gives(known, wanted):
    """Whether a relation gives another one."""
    return known == wanted or wanted == "<=" and known in "=<" or wanted == ">=" and known in "=>" \
        or wanted == "!=" and known in "<>"

class Context:
    """Where a step stands: names, what is assumed, and what has been shown."""

    def __init__(self, world, assumed, shown, library):
        self.world, self.assumed, self.shown, self.library = world, assumed, shown, library
        self.made = None

    @property
    def facts(self):
        if self.made is None:
            props = self.assumed + [q for _, p in self.shown for q in flat(p)]
            self.made = Facts(self.world, props, self.library.laws)
        return self.made

    def assume(self, p):
        self.world.admit(p)
        return Context(self.world, self.assumed + flat(p), list(self.shown), self.library)

    def know(self, label, p):
        self.shown.append((label, p))
        self.made = None

    def prop(self, x):
        p = prop_from(x)
        self.world.admit(p)
        return p

    def laws(self, rule):
        """The laws under a name, and whether they are about given values."""
        def ground(props): return [law for p in props for law in Law.all(None, [], p)]
        if rule in self.library.laws.rules: return self.library.laws.rules[rule]
        if rule == "hypothesis": return ground(self.assumed)
        if rule == "definition":
            return ground([("=", ("name", name), body) for name, body in self.world.definitions.items()])
        labelled = [p for label, p in self.shown if label == rule]
        if labelled or rule == "shown": return ground(labelled)
        if rule in self.library.accepted: return self.library.accepted[rule]
        raise Refused(f"there is no rule and no accepted claim {rule}")

PROCEDURES = {"ring", "vector", "inner.bilinear", "sum.linear", "entry.linear", "expect.linear", "expect.vector", "algebra",
              "expect.sum", "gradient", "order"}

class Derivation:
    """Goes through the derivation of one claim."""

    def __init__(self, library): self.library, self.steps, self.where = library, 0, ""

    def prove(self, context, goal, proof, items=None):
        """Whether a derivation shows a goal; the context grows by what is shown on the way."""
        items = field(proof, "items", list) if items is None else items
        shown = []
        for number, item in enumerate(items):
            word = field(item, "kind", str)
            if word == "choose":
                inner = self.choose(context, item)
                return self.prove(inner, goal, proof, items[number + 1:])
            label = item.get("label")
            need(label is None or isinstance(label, str), "a label")
            if label is not None and (label in PROCEDURES or label in self.library.laws.rules
                                      or label in ("shown", "hypothesis", "definition")):
                raise Refused(f"a lemma is called {label}, as a rule is")
            if word == "chain": conclusion = self.chain(context, item)
            else:
                need(word == "goal", "an item")
                conclusion = context.prop(field(item, "goal", list))
                inner = Context(context.world, list(context.assumed), list(context.shown), self.library)
                self.prove(inner, conclusion, field(item, "proof", dict))
            context.know(label or "shown", conclusion)
            shown.append(conclusion)
        self.finish(context, goal, proof, shown)

    def finish(self, context, goal, proof, shown):
        cases, assume = proof.get("cases", []), proof.get("assume", [])
        need(isinstance(cases, list) and isinstance(assume, list) and not (cases and assume), "branches")
        if not cases and not assume: return self.conclude(goal, shown)
        branches = [(context.prop(field(b, "prop", list)), field(b, "proof", dict)) for b in cases or assume]
        if cases:
            for p, inner in branches: self.prove(context.assume(p), goal, inner)
            return self.exhaustive(context.facts, [Facts.open(context.world, p) for p, _ in branches])
        if goal[0] == "=>" and [p for p, _ in branches] == [goal[1]]: goals = [goal[2]]
        elif goal[0] == "<=>" and [p for p, _ in branches] == [goal[1], goal[2]]: goals = [goal[2], goal[1]]
        else: raise Refused("what is assumed is not what is to be shown starts from")
        for (p, inner), to in zip(branches, goals): self.prove(context.assume(p), to, inner)

    @staticmethod
    def conclude(goal, shown):
        def says(p):
            if p in shown: return True
            if p[0] in RELATIONS:
                return any(q[0] in RELATIONS and (gives(q[0], p[0]) and q[1:] == p[1:]
                                                  or gives(MIRROR[q[0]], p[0]) and q[2:0:-1] == p[1:]) for q in shown)
            if p[0] in ("and", "or"): return (all if p[0] == "and" else any)(says(q) for q in p[1:])
            return False
        if not says(goal) and not any(q[0] in ("<", ">") and q[1] == q[2] for q in shown):
            raise Refused("what is to be shown is not among what was shown")

    @staticmethod
    def exhaustive(facts, cases):
        """Cases cover everything: all parts of a known `or`, an action being another or not, or comparisons of one number."""
        if any(p[0] == "or" and set(p[1:]) <= set(cases) for p in facts.props): return
        if len(cases) == 2 and all(p[0] == "action" for p in cases):
            if cases[0][2:] == cases[1][2:] and {cases[0][1], cases[1][1]} == {"=", "!="}: return
        covered, first = [], None
        for p in cases:
            if p[0] not in RELATIONS or facts.type(p[1]) != "R" or not facts.finite(p[1]) or not facts.finite(p[2]):
                raise Refused("cases are comparisons of the same two reals")
            d = plus(facts.value(p[2]), facts.value(p[1]), -1)
            first = d if first is None else first
            m = next(iter(first), None)
            times = d.get(m, 0) / first[m] if m is not None else 0
            if not times or plus(d, first, -times): raise Refused("the cases do not compare the same two reals")
            covered.append(i_mul(point(times), OF_RELATION[p[0]]) if p[0] != "!=" else OF_RELATION["!="])
        seen = facts.poly_range(first)
        for sign in (-1, 0, 1):
            if possible(sign, seen) and not any(possible(sign, c) for c in covered):
                raise Refused("the cases do not cover everything")

    def choose(self, context, item):
        name = field(item, "name", str)
        world = World(context.world.variables, context.world.definitions)
        new_name(world, name)
        world.variables[name], world.types[name] = "action", "A"
        p = prop_from(field(item, "property", list))
        world.admit(p)
        shape = p[0] == "=" and p[1][0] == "at" and p[1][2] == name and p[2][0] in ("max", "min") and len(p[2]) == 2
        if not shape or p[1][1] != p[2][1] or world.depends(p[1][1], name) or not context.facts.finite(world.unfolded(p[1][1])):
            raise Refused("an action is chosen where a vector has its largest or smallest entry")
        return Context(world, context.assumed + [p], list(context.shown), self.library)

    def chain(self, context, item):
        start = term_from(field(item, "start", list))
        context.world.type(start)
        left, relations = start, []
        steps = field(item, "steps", list)
        need(steps, "a chain without steps")
        for step in steps:
            self.steps += 1
            relation, right = field(step, "relation", str), term_from(field(step, "to", list))
            need(relation in RELATIONS, "a relation")
            self.where = f"step {self.steps}"
            if context.world.type(right) != context.world.type(left):
                raise Refused("a real is compared with a vector")
            Step(context, field(step, "uses", list)).check(relation, left, right)
            relations.append(relation)
            left = right
        kinds = set(relations) - {"="}
        if not (kinds <= {"<", "<="} or kinds <= {">", ">="}):
            raise Refused("the relations of the chain do not go together")
        whole = "=" if not kinds else min(kinds, key=len)
        return (whole, start, left)

def possible(sign, seen):
    return not (sign < 0 and seen[0] >= 0 or sign > 0 and seen[2] <= 0 or sign == 0 and (seen[4] or seen[0] > 0 or seen[2] < 0))

class Step:
    """One step: places in both sides, each with a rule."""

    def __init__(self, context, uses):
        self.context, self.facts, self.uses, self.used = context, context.facts, {}, set()
        for use in uses:
            path = field(use, "path", list)
            need(all(type(k) is int and k >= 0 for k in path), "a path")
            need(tuple(path) not in self.uses, "two uses at one place")
            self.uses[tuple(path)] = use

    def check(self, relation, left, right):
        facts = self.facts
        for t in [left, right] + list(self.context.world.definitions.values()):
            for n in numbers(t):
                if not facts.actions_at_least(n): raise Refused(f"there may be no action {n}")
        if left == right: raise Refused("both sides of the step are the same")
        if relation == "!=": raise Refused("a step does not lead to !=")
        facts.work = 0
        self.sides = left, right
        if relation in (">", ">="): relation, left, right = MIRROR[relation], right, left
        self.leads((), relation, left, right, facts, (), ())
        left_over = set(self.uses) - self.used
        if left_over: raise Refused(f"at {list(min(left_over))}: there is nothing to be shown at this place")

    def leads(self, path, relation, a, b, facts, env, around):
        """a relation b, which is =, <= or <: by the use at this place, or from the parts."""
        use = self.uses.get(path)
        if use is not None:
            self.used.add(path)
            try: return self.use(use, path, relation, a, b, facts, env, around)
            except Refused as why: raise Refused(f"at {list(path)}: {use.get('rule')}: {why}") from None
        if a == b and relation != "<": return None
        if a[0] != b[0] or len(a) != len(b) or with_children(a, lambda k, c: ONE) != with_children(b, lambda k, c: ONE):
            raise Refused(f"at {list(path)}: the sides differ, and no rule is given")
        places, strict = list(children(a)), False
        for number, place in enumerate(places):
            x, y = a[place], b[place]
            if x == y: continue
            inner, below, points, here = facts, env, around, path + (number,)
            if a[0] == "D" and place == 1: inner, points = facts.near(a[2]), around + (a[2],)
            if a[0] == "E" and place == 2: below = env + (("c", len(env)),)
            if self.type(x, below) != self.type(y, below):
                raise Refused(f"at {list(here)}: a real stands against a vector")
            if relation == "=":
                self.leads(here, "=", x, y, inner, below, points)
                continue
            mixed = a[:1] + tuple(b[k] if k in places and k < place else a[k] for k in range(1, len(a)))
            way = self.way(mixed, place, y, facts, env)
            if way is None:
                self.leads(here, "=", x, y, inner, below, points)
                continue
            x, y = (x, y) if way[0] else (y, x)
            before = set(self.used)
            try:
                if relation != "<" or not way[1]: raise Refused("")
                self.leads(here, "<", x, y, inner, below, points)
                strict = True
            except Refused:
                self.used = before
                self.leads(here, "<=", x, y, inner, below, points)
        if relation == "<" and not strict: raise Refused(f"at {list(path)}: nothing makes it strict")
        return None

    def type(self, t, env): return self.context.world.type(t, len(env))

    def way(self, t, place, to, facts, env):
        """How t depends on its part at a place, between what stands there and `to`: (rising, strictly), or None."""
        world = self.context.world
        t, to = world.unfolded(t), world.unfolded(to)
        if not all(facts.finite(t[k]) for k in children(t)) or not facts.finite(to): return None
        def is_in(x, what):
            i = None if self.type(x, env) == "R" else ("*",)
            return within(facts.range(x, env, i), what)
        head, x = t[0], t[place]
        both = all(is_in(y, NONNEGATIVE) for y in (x, to))
        positive = all(is_in(y, POSITIVE) for y in (x, to))
        if head in ("add", "sum", "max", "min", "at", "exp") and (len(t) == 2 or head in ("add", "at")):
            return (True, True)
        if head == "sub": return (place == 1, True)
        if head == "neg": return (False, True)
        if head in ("mul", "times", "inner"):
            other = t[3 - place]
            strict = head != "inner"
            if is_in(other, POSITIVE): return (True, strict)
            if is_in(other, NONNEGATIVE): return (True, False)
            return (False, False) if is_in(("neg", other), NONNEGATIVE) else None
        if head == "div":
            if place == 1: return (True, True) if is_in(t[2], POSITIVE) else None
            if positive and is_in(t[1], NONNEGATIVE): return (False, is_in(t[1], POSITIVE))
            return None
        if head == "power" and t[2] > 0 and (t[2] % 2 or both) or head == "sqrt" and both or head == "log" and positive:
            return (True, True)
        if head == "others" or head == "E" and place == 2 and is_in(t[1], NONNEGATIVE): return (True, False)
        return None

    def use(self, use, path, relation, a, b, facts, env, around):
        world = self.context.world
        rule = field(use, "rule", str)
        opened_a, opened_b = world.unfolded(a), world.unfolded(b)
        if rule in PROCEDURES:
            shows = field(use, "shows", list)
            need(len(shows) == 2, "what is shown")
            sides = [term_from(x) for x in shows]
            if sides != [at_path(t, path) for t in self.sides]:
                raise Refused("what is said to be shown is not what stands there")
            if rule == "order":
                if not facts.holds((relation, opened_a, opened_b), env):
                    raise Refused(f"it is not known that {show(a)} {relation} {show(b)}")
            elif relation not in ("=", "<=") or not facts.equal(opened_a, opened_b, env, len(env)):
                raise Refused(f"{show(a)} and {show(b)} have different normal forms")
            return
        laws = self.context.laws(rule)
        number, reversed_ = field(use, "law", int), field(use, "reversed", bool)
        if not 0 <= number < len(laws): raise Refused(f"it has no law {number}")
        law = laws[number]
        values = {name: term_from(x) for name, x in field(use, "values", dict).items()}
        actions = {name: action_from(x) for name, x in field(use, "actions", dict).items()}
        stated = [prop_from(x) for x in field(use, "conditions", list)]
        left, right, conditions = self.instance(law, values, actions, facts, env, around)
        if not gives(law.relation, relation) or reversed_ and law.relation != "=":
            raise Refused(f"it says {law.relation} where {relation} is needed")
        if (left, right) != ((b, a) if reversed_ else (a, b)):
            raise Refused(f"its instance {show(left)} {law.relation} {show(right)} is not what stands there")
        if stated != conditions: raise Refused("the conditions are not those of the law")
        for p in conditions:
            world.admit(p, len(env))
            if not facts.holds(Facts.open(world, p), env):
                raise Refused(f"its condition {show(p)} is not known to hold")

    def instance(self, law, values, actions, facts, env, around):
        """Both sides and the conditions of a law for given values, which must be of their sorts."""
        world = self.context.world
        if law.world is None:
            if values or actions: raise Refused("a law about given values has no variables")
            # Under a derivative, only a definition is known at all values of the point.
            for z in () if self.is_definition(law) else around:
                if any(self.context.world.depends(t, z) for t in (law.left, law.right)):
                    raise Refused(f"it is about the present value of {z} alone")
            return law.left, law.right, law.conditions
        free = names_of(law.left) | names_of(law.right)
        for p in law.conditions: free |= prop_names(p)
        if free != set(values) | set(actions): raise Refused("its variables are not those that stand for something")
        for name, value in values.items():
            sort = law.world.variables.get(name)
            if SORTS.get(sort) != world.type(value, len(env)):
                raise Refused(f"{name} stands for a value of another type")
            value = world.unfolded(value)
            good = {"distribution": lambda v: facts.finite(v) and facts.distribution(v, env), "subset": facts.subset,
                    "masked logits": facts.logits, "float": lambda v: False}.get(sort, facts.finite)
            if not good(value): raise Refused(f"{name} stands for {show(value)}, which is not known to be {sort}")
        for name, a in actions.items():
            if law.world.types.get(name) != "A": raise Refused(f"{name} is no action")
            world.action(a, len(env))
        self.differentiable(law, values, facts, env)
        def of(t): return instantiate(t, values, actions)
        conditions = [map_prop(p, of, lambda a: instantiate(("unit", a), values, actions)[1]) for p in law.conditions]
        return of(law.left), of(law.right), conditions

    def is_definition(self, law):
        return law.relation == "=" and law.left[0] == "name" and self.context.world.definitions.get(law.left[1]) == law.right

    def differentiable(self, law, values, facts, env):
        """What a law with a derivative needs: f and h of the table have one, all else but a direction is constant."""
        world, laws = self.context.world, self.context.library.laws
        points = set()
        def visit(t):
            if t[0] == "D": points.add(t[2])
            for k in children(t): visit(t[k])
            return t
        for p in [("=", law.left, law.right)] + law.conditions: map_prop(p, visit, lambda a: a)
        for z in points:
            if z not in values or values[z][0] != "name" or world.variables.get(values[z][1]) not in POINTS:
                raise Refused("a derivative is with respect to a declared vector")
            at = values[z][1]
            for name, value in values.items():
                if name == z or law.table and name in laws.directions or not world.depends(value, at): continue
                if not law.table or name not in laws.smooth: raise Refused(f"{name} stands for what depends on {at}")
                near, value = facts.near(at), world.unfolded(value)
                if not near.finite(value): raise Refused(f"{name} stands for what may be infinite")
                near.derivative(near.value(value, env), at, ("*",))

def at_path(t, path):
    for number in path: t = t[children(t)[number]]
    return t

def numbers(t):
    place = act_of(t)
    found = [t[place]] if place is not None and isinstance(t[place], int) else []
    return found + [n for k in children(t) for n in numbers(t[k])]

def show(t):
    """A term or a proposition for people."""
    if isinstance(t, tuple) and t and isinstance(t[0], str):
        if t[0] in ("name", "number"): return str(t[1])
        if len(t) == 1: return t[0]
        text = f"{t[0]}({', '.join(show(x) for x in t[1:])})"
        return text if len(text) < 300 else text[:300] + "..."
    return str(t)

class Library:
    """The laws, and the claims that were accepted."""

    def __init__(self, laws): self.laws, self.accepted, self.known = laws, {}, {}

    def object(self, data, say):
        """Checks every claim of an object; says what becomes of each, and whether all are accepted."""
        whole = load(data, "the object")
        if not isinstance(whole, dict) or whole.get("format") != "logitlab-proof" or whole.get("version") != 1:
            raise Unusable("this is no proof object of version 1")
        if whole.get("laws") != self.laws.digest: raise Unusable("the object was written with another table of laws")
        claims = whole.get("claims")
        if not isinstance(claims, list) or not claims: raise Unusable("the object has no claims")
        self.accepted, good, before = {}, True, ""
        for claim in claims:
            # What was accepted after the same claims, to the letter, is not gone through again.
            before = hashlib.sha256((before + json.dumps(claim, sort_keys=True)).encode()).hexdigest()
            if before in self.known:
                self.accepted[claim["id"]] = self.known[before]
                say(claim["id"], "accepted", "as before")
                continue
            good &= self.claim(claim, say)
            if good: self.known[before] = self.accepted[claim["id"]]
        return good

    def claim(self, claim, say):
        derivation, name = Derivation(self), claim.get("id") if isinstance(claim, dict) else None
        try:
            need(isinstance(name, str) and name not in self.accepted and name not in self.laws.rules, "an id of its own")
            world, hypotheses, shows = self.statement(field(claim, "statement", dict))
            context = Context(world, [q for p in hypotheses for q in flat(p)], [], self)
            goal = shows[0] if len(shows) == 1 else ("and",) + tuple(shows)
            derivation.prove(context, goal, field(claim, "proof", dict))
            # As laws for those that cite it: definitions written out, hypotheses as conditions.
            conditions = [Facts.open(world, q) for p in hypotheses for q in flat(p)]
            self.accepted[name] = [law for p in shows for law in Law.all(world, conditions, Facts.open(world, p))]
        except Refused as why:
            say(name, "refused", f"{derivation.where + ': ' if derivation.where else ''}{why}")
            return False
        except RecursionError:
            say(name, "refused", f"{derivation.where}: it is nested too deeply")
            return False
        say(name, "accepted", f"{derivation.steps} steps")
        return True

    @staticmethod
    def statement(x):
        """What the text says; the object must have read the same."""
        world, hypotheses, shows = read_statement(field(x, "text", str))
        need(shows, "nothing is to be shown")
        read = {
            "variables": [[name, sort] for name, sort in world.variables.items()],
            "definitions": list(world.definitions.items()), "hypotheses": hypotheses, "shows": shows,
        }
        for name, make in (("definitions", lambda d: (d[0], term_from(d[1]))), ("hypotheses", prop_from), ("shows", prop_from)):
            said = field(x, name, list)
            need(all(isinstance(y, list) and len(y) >= 2 for y in said), name)
            if [make(y) for y in said] != read[name]: raise Refused(f"the {name} are not those of the text")
        if field(x, "variables", list) != read["variables"]: raise Refused("the variables are not those of the text")
        for p in hypotheses + shows: world.admit(p)
        return world, hypotheses, shows

def main(arguments):
    laws_path, files, loud = os.path.join(os.path.dirname(os.path.abspath(__file__)), "laws.json"), [], False
    while arguments:
        word = arguments.pop(0)
        if word in ("-h", "--help"):
            print(__doc__)
            return 0
        if word == "--show": loud = True
        elif word == "--laws" and arguments: laws_path = arguments.pop(0)
        else: files.append(word)
    sys.setrecursionlimit(8_000)
    sys.stdout.reconfigure(errors="backslashreplace"), sys.stderr.reconfigure(errors="backslashreplace")
    try:
        if not files: raise Unusable("give the path of a proof object, or - for standard input")
        with open(laws_path, "rb") as file: library = Library(Laws(file.read()))
    except (Unusable, Refused, OSError) as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 2
    code = 0
    for path in files:
        try:
            if path == "-": whole = sys.stdin.buffer.read()
            else:
                with open(path, "rb") as file: whole = file.read()
        except OSError as error:
            print(f"check.py: {error}", file=sys.stderr)
            code = 2
            continue
        lines = whole.splitlines() if path.endswith(".jsonl") else [whole]
        for number, data in enumerate(lines, 1):
            place = f"{path}:{number}: " if len(lines) > 1 else f"{path}: " if len(files) > 1 else ""
            try:
                good = library.object(data, lambda name, word, why: print(f"{place}{name}: {word}: {why}"))
                code = max(code, 0 if good else 1)
            except (Unusable, RecursionError) as error:
                print(f"check.py: {place}{error}", file=sys.stderr)
                code = 2
            if loud and code == 0:
                for claim in json.loads(data)["claims"]: print(f"\n{claim['id']}\n{claim['statement']['text']}", end="")
    return code

if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
