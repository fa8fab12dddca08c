"""Characters as the checks want them: half-width digits and letters, Chinese punctuation, no stray blanks.

PDF extraction and character recognition leave blanks inside words and numbers (``23. 75``, ``1, 826, 220.00``); Chinese
text has none of its own.
"""

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_FULL_WIDTH |= {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_SIGNS = {
    "％": "%", "．": ".", "＋": "+", "－": "-", "＝": "=", "＜": "<", "＞": ">", "＊": "*", "／": "/", "～": "~",
    "(": "（", ")": "）", ":": "：", ";": "；", "\u3000": " ", "\u00a0": " ", "\ufeff": "", "\u200b": "", "≧": "≥",
    "≦": "≤", "⩾": "≥", "⩽": "≤", "﹪": "%", "?": "？", "!": "！", "—": "—", "–": "-", "−": "-", "‐": "-", "‑": "-",
    "⼀": "一", "﹝": "〔", "﹞": "〕",
}  # fmt: skip
_TRANSLATED = str.maketrans({**{chr(key): chr(value) for key, value in _FULL_WIDTH.items()}, **_SIGNS})
_WIDE_SEPARATOR = re.compile(r"(?<=[０-９])([，．])(?=[０-９])")
_LIST_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
_BLANKS = re.compile(r"[ \t\u2002-\u200a]+")
_BROKEN_DECIMAL = re.compile(r"(?<=\d)(?: \.|\. )(?=\d{1,2}(?!\d|\.\d))")
_BROKEN_THOUSANDS = re.compile(r"(?<=\d), (?=\d{3}(?!\d))")
_NEEDED = re.compile(r"(?<=[0-9A-Za-z.%,]) (?=[0-9A-Za-z])")
_LATEX_SIGNS = {r"\geq": "≥", r"\leq": "≤", r"\ge": "≥", r"\le": "≤", r"\%": "%", r"\times": "×"}
_LATEX = re.compile("|".join(re.escape(sign) for sign in _LATEX_SIGNS))
_MARKUP = re.compile(r"</?(?:p|br|td|tr|th|sup|sub|b|strong|div|span)\s*/?>", re.IGNORECASE)
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_COMPARISONS = ((">=", "≥"), ("<=", "≤"), ("=>", "≥"), ("=<", "≤"), ("> =", "≥"), ("< =", "≤"))


def clean(text: str) -> str:
    """Return one line or cell with its characters normalised; blanks stay only between Latin words and numbers."""
    text = _MARKUP.sub("", _LATEX.sub(lambda match: _LATEX_SIGNS[match.group()], text)).replace("$", "")
    text = _BOLD.sub(r"\1", text)
    text = _WIDE_SEPARATOR.sub(lambda match: {"，": ",", "．": "."}[match.group()], text)
    text = _BLANKS.sub(" ", text.translate(_TRANSLATED)).strip()
    for written, meant in _COMPARISONS:
        text = text.replace(written, meant)
    text = _BROKEN_THOUSANDS.sub(",", text)
    head = re.match(r"\d{1,2}\. (?=\D|\d{4}年|\d+[^\d.%分])", text)
    start = head.end() if head else 0
    text = text[:start] + _BROKEN_DECIMAL.sub(".", text[start:])
    text = _LIST_COMMA.sub("，", text)
    return _NEEDED.sub("\0", text).replace(" ", "").replace("\0", " ")
