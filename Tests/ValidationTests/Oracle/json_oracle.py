"""Reads JSON lines with Python's json module.

Input: a list of files, each base64; output: for each file a list of its lines, each null where it
is refused, or an object of keys and values: "s" and the text of a string, "n" and the text of a
number, "[" for what has brackets, else the literal.

Beyond RFC 8259 Python reads NaN and halves of surrogate pairs; here they are refused, as is all
that is no object or deeper than 64 brackets in an object.
"""

import base64
import json
import sys

sys.setrecursionlimit(100_000)


class Number(str):
    pass


class Pairs(list):
    pass


def refuse(text):
    raise ValueError(text)


def whole(text):
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise ValueError("half a pair")


def depth(value):
    if isinstance(value, Pairs):
        for key, _ in value:
            whole(key)
        return 1 + max([depth(each) for _, each in value], default=0)
    if isinstance(value, list):
        return 1 + max([depth(each) for each in value], default=0)
    if isinstance(value, str):
        whole(value)
    return 0


def shown(value):
    if isinstance(value, Number):
        return "n" + value
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, list):
        return "["
    return {True: "true", False: "false", None: "null"}[value]


def line(data):
    try:
        value = json.loads(
            data.decode(), parse_float=Number, parse_int=Number, parse_constant=refuse,
            object_pairs_hook=Pairs)
        if not isinstance(value, Pairs) or depth(value) > 65:
            return None
        return {key: shown(each) for key, each in value}
    except (ValueError, RecursionError):
        return None


def lines(data):
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    found = data.split(b"\n")
    if not found[-1]:
        found.pop()
    return [line(each) for each in found]


json.dump([lines(base64.b64decode(data)) for data in json.load(sys.stdin)], sys.stdout)
