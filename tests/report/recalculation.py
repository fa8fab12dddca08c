"""What a spreadsheet program makes of a workbook: LibreOffice calculates every formula anew and writes it back."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

# Without this LibreOffice shows the values stored in the file and calculates nothing.
_ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculate(files: Sequence[Path], folder: Path) -> Mapping[str, Path]:
    """Return the recalculated workbook of each file by its name; one program start for all."""
    profile, out = folder / "profile", folder / "recalculated"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_CALCULATE, encoding="utf-8")
    soffice = shutil.which("soffice")
    assert soffice is not None
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, files)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    missing = [file.name for file in files if not (out / file.name).exists()]
    assert not missing, f"没有转换出 {missing}：请安装 libreoffice-calc-nogui"
    return {file.name: out / file.name for file in files}


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Return every sheet's values, from its first cell on."""
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def spoiled(source: Path, target: Path) -> None:
    """Copy a workbook with every stored result of a formula replaced by nonsense."""
    _copied(source, target, lambda name, xml: re.sub(r"(</f>)<v>[^<]*</v>", r"\1<v>-77</v>", xml))


def patched(source: Path, target: Path, sheet: str, cell: str, value: str) -> None:
    """Copy a workbook with one input cell changed: a number, or words."""
    number = list(sheets(source)).index(sheet) + 1
    is_number = re.fullmatch(r"-?[0-9.]+", value)
    kind, inner = ("", f"<v>{value}</v>") if is_number else (' t="inlineStr"', f"<is><t>{value}</t></is>")
    changed = 0

    def change(name: str, xml: str) -> str:
        nonlocal changed
        if name != f"xl/worksheets/sheet{number}.xml":
            return xml
        pattern = rf'<c r="{cell}"( s="[0-9]+")?(?: t="[a-z]+")?(?:/>|>(?!<f>).*?</c>)'
        xml, changed = re.subn(pattern, rf'<c r="{cell}"\1{kind}>{inner}</c>', xml)
        return xml

    _copied(source, target, change)
    assert changed == 1, f"{sheet} {cell}: 不是输入格"


def _copied(source: Path, target: Path, change: Any) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xml"):
                part = change(name, part.decode()).encode()
            new.writestr(name, part)
