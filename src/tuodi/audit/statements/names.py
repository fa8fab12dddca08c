"""Whose paper it is: its year, its place, its project, and the places, units and firms it names."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tuodi.audit.paper.model import Paper, Paragraph, Place, Reading, readings
from tuodi.audit.statements.leftover_words import leftover_words

LEVELS = {"县": "county", "区": "county", "旗": "county", "市": "city", "镇": "town", "乡": "town"}
"""What a place's last character tells of its level."""

FREQUENT = 3
"""A place named so often is one the paper is about, or one of the places above it."""

_TITLE_YEAR = re.compile(r"(?<!\d)(20\d{2})年")
_QUOTED = re.compile(r"《[^》]{0,200}》|[〔\[【（(]\d{4}[〕\]】）)]\d+号")
SHORTEST_PLACE = 2
_FIRST_LINES = 12
_LONGEST_COVER_LINE = 60
_LONGEST_TITLE = 40
_NOT_IN_STEMS = "各全本该我其外的和与及在由对为受向将等县市区镇乡省州个项"
_KIND_OF_PAPER = re.compile(
    r"(?:项目|资金|补助资金|专项资金)*(?:支出|财政)*(?:绩效)?(?:（?后）?)?(?:自评|评价|评估)*(?:情况|综合)?报告$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A name and where it stands."""

    name: str
    reading: Reading
    start: int

    @property
    def place(self) -> Place:
        """The place of its first character."""
        return self.reading.at(self.start)


def fiscal_year(paper: Paper) -> int | None:
    """Return the year a paper is about: the one its title tells, else the one it names most often outside citations."""
    told = _TITLE_YEAR.findall(paper.title)
    if told:
        return int(told[0])
    counts = Counter(
        year for reading in paper.paragraphs for year in _TITLE_YEAR.findall(_QUOTED.sub("", reading.text))
    )
    return int(counts.most_common(1)[0][0]) if counts else None


def year_mentions(paper: Paper) -> Iterator[Named]:
    """Yield the years named in running text outside titles and numbers of documents."""
    for reading in paper.paragraphs:
        hidden = _QUOTED.sub(lambda match: "〇" * len(match.group()), reading.text)
        for match in _TITLE_YEAR.finditer(hidden):
            yield Named(match[1], reading, match.start())


@cache
def _place_pattern() -> re.Pattern[str]:
    words = leftover_words()
    leads = "|".join(sorted(words.place_leads, key=len, reverse=True))
    followed = "|".join((*words.place_bodies, *words.place_verbs))
    return re.compile(
        rf"(?:^|[，。；：、（）“”\"《》>\s]|{leads})(?P<place>[\u4e00-\u9fff]{{1,4}}?[县区旗市镇乡])(?={followed})"
    )


def places_named(paper: Paper) -> Iterator[Named]:
    """Yield the places named before a body or a deed of theirs, where the name's beginning is beyond doubt."""
    unlikely = leftover_words().not_places
    for reading in readings(paper):
        for match in _place_pattern().finditer(reading.text):
            name = _behind_leads(_without_leads(match["place"]))
            if len(name) > 1 and _is_stem(name[:-1]) and not any(name.endswith(each) for each in unlikely):
                yield Named(name, reading, match.end("place") - len(name))


def _is_stem(stem: str) -> bool:
    """Tell whether characters can be the first part of a place's name: no particle and no verb stands among them."""
    leads = leftover_words().place_leads
    return not any(sign in _NOT_IN_STEMS for sign in stem) and not any(lead in stem for lead in leads)


def _without_leads(name: str) -> str:
    """Return a name without the verbs and particles the pattern took for its beginning."""
    leads = leftover_words().place_leads
    while (lead := next((each for each in leads if name.startswith(each)), None)) is not None:
        name = name[len(lead) :]
    return name


def _behind_leads(name: str) -> str:
    """Return what stands behind the last verb or particle inside a name (组对云岫县), if that may be a name."""
    ends = [name.rfind(lead) + len(lead) for lead in leftover_words().place_leads if lead in name]
    rest = name[max(ends, default=0) :]
    return rest if len(rest) > SHORTEST_PLACE else name


def own_places(paper: Paper) -> frozenset[str]:
    """Return the places a paper is about: named in its title, on its cover, or often."""
    counts = times_named(paper)
    # Extraction may join the title with the paragraph below it.
    first = next((each.text[:_LONGEST_TITLE] for each in paper.paragraphs), "")
    opening = first + paper.title + "".join(reading.text for reading in _opening(paper))
    return frozenset(name for name, count in counts.items() if count >= FREQUENT or name in opening)


def times_named(paper: Paper) -> Counter[str]:
    """Return how often each place found by ``places_named`` stands anywhere in the paper, in whatever context."""
    names = {named.name for named in places_named(paper)}
    text = "\n".join(reading.text for reading in readings(paper))
    return Counter({name: text.count(name) for name in names})


def _opening(paper: Paper) -> Iterator[Paragraph]:
    """Yield the lines of the cover: short ones before the first heading that are no sentences."""
    for at, each in enumerate(paper.paragraphs):
        if at >= _FIRST_LINES or each.level is not None or len(each.text) > _LONGEST_COVER_LINE:
            return
        if each.text[-1] not in "。；":
            yield each


def units_by_role(paper: Paper) -> Iterator[tuple[str, Named]]:
    """Yield the units printed behind a label such as 实施单位：, with the label."""
    labels = "|".join(sorted(leftover_words().role_labels, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<label>{labels})：(?P<unit>[\u4e00-\u9fff（）]{{4,40}}?)(?=$|[，。；\s]|(?:{labels}|项目名称|评价时间)：)"
    )
    for reading in paper.paragraphs:
        for match in pattern.finditer(reading.text):
            yield match["label"], Named(match["unit"], reading, match.start("unit"))


def firms(paper: Paper) -> Iterator[Named]:
    """Yield the firms named (有限公司, 事务所), words before the name cut off where they are known."""
    words = leftover_words()
    endings = "|".join(f"(?:{words.firm_offices})?{each}" for each in words.firm_endings) + f"|{words.firm_offices}"
    leads = re.compile(rf"^.*(?:{'|'.join(sorted(words.place_leads, key=len, reverse=True))})")
    for reading in paper.paragraphs:
        for match in re.finditer(rf"[\u4e00-\u9fff（）]{{3,24}}?(?:{endings})", reading.text):
            name = leads.sub("", match.group()) or match.group()
            yield Named(name.strip("（）"), reading, match.end() - len(name))


def subject(paper: Paper) -> str:
    """Return what the project is called: the title without place, year and kind of paper; may be empty."""
    title = re.sub(r"20\d{2}年度?", "", paper.title)
    for place in sorted(own_places(paper), key=len, reverse=True):
        title = title.replace(place, "")
    return _KIND_OF_PAPER.sub("", title)
