"""Reads escaped texts as GitHub does and says what is not just text.

Run by EvaluationTests with the interpreter that SLIPWAY_TEST_PYTHON names. Input: a JSON list of
{"markdown": …, "shown": …}. Output: {index: [what is wrong]}, where something is.
"""

import html.parser
import json
import sys

import cmarkgfm
from cmarkgfm.cmark import Options

# Where a sheet has text, and the elements that this place makes by itself.
PLACES = {
    "paragraph": ("{}\n", ["p"]),
    "heading": ("### {}\n", ["h3"]),
    "item": ("- {}\n", ["ul", "li"]),
    "marked item": ("- ⚠️ {}\n", ["ul", "li"]),
    "quote": ("> {}\n", ["blockquote", "p"]),
    "cell": (
        "| a | b |\n| --- | ---: |\n| x | {} |\n",
        ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"],
    ),
    "first cell": (
        "| a | b |\n| --- | ---: |\n| {} | x |\n",
        ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"],
    ),
}


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_comment(self, data):
        self.tags.append("!--")

    def handle_data(self, data):
        self.text += data


def words(text):
    return " ".join(text.replace("\u200b", "").split())


def wrong(markdown, shown):
    for place, (form, tags) in PLACES.items():
        reader = Reader()
        reader.feed(
            cmarkgfm.github_flavored_markdown_to_html(
                form.format(markdown), Options.CMARK_OPT_FOOTNOTES
            )
        )
        reader.close()
        if reader.tags != tags:
            yield f"{place}: elements {reader.tags}"
        text = words(reader.text).removeprefix("⚠️ ")
        expected = {"cell": f"a b x {shown}", "first cell": f"a b {shown} x"}
        if text != words(expected.get(place, shown)):
            yield f"{place}: shown as {text!r}"


cases = json.load(sys.stdin)
found = {i: list(wrong(case["markdown"], case["shown"])) for i, case in enumerate(cases)}
json.dump({i: reasons for i, reasons in found.items() if reasons}, sys.stdout)
