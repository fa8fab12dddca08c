"""Templates that offices upload: a good one is filled, a hostile one does nothing at all."""

import gc
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from docx.table import Table

from tests.report.template_files import (
    HEAD,
    Parts,
    document,
    packed,
    paragraph,
    parts,
    relations,
    story,
    table,
    write,
)
from tuodi.kernel.finding import Finding
from tuodi.report.template import filling as office_template
from tuodi.report.template import package as template_package
from tuodi.report.template.filling import describe, fill_template

VALUES: dict[str, object] = {
    "标题": "某县<医疗救助>绩效评价 A&B",
    "等级": "优",
    "说明": "见 {{ 7 }} 号文",
    "单位": {"名称": "某县医疗保障局"},
    "指标": [
        {"名称": "资助参保率", "得分": "4.50", "依据": ["台账", "凭证"]},
        {"名称": "救助及时性", "得分": "3.00", "依据": []},
    ],
    "大表": [{"值": "x" * 20}] * 3000,
}


def rows(found: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in found.rows]


def filled(folder: Path, content: Parts) -> docx.document.Document:
    template, out = write(folder / "模板.docx", content), folder / "成文.docx"
    assert [finding.sentence() for finding in fill_template(template, out, VALUES)] == []
    return docx.Document(str(out))


def test_表格逐行填写_页眉页脚脚注一并填写(tmp_path: Path) -> None:
    content = (
        paragraph("{{ 标题 }}")
        + table(
            ("指标", "得分"),
            ("{%tr for 项 in 指标 %}", ""),
            ("{{ loop.index }}．{{ 项.名称 }}", "{{ 项.得分 }}（{{ 项.依据|join('、') }}）"),
            ("{%tr endfor %}", ""),
        )
        + paragraph(
            "{% if 等级 == '优' and 指标|length > 1 %}好{% elif 等级 in ['良', '中'] %}可{% else %}差{% endif %}"
        )
        + paragraph("{{ 无此名|default('—') }}，{{ 指标[1].名称 }}，{{ 单位['名称'] }}{# 不印出的注释 #}")
    )
    page = filled(tmp_path, parts(content))
    assert [each.text for each in page.paragraphs] == [
        "某县<医疗救助>绩效评价 A&B",
        "好",
        "—，救助及时性，某县医疗保障局",
    ]
    assert rows(page.tables[0]) == [
        ["指标", "得分"],
        ["1．资助参保率", "4.50（台账、凭证）"],
        ["2．救助及时性", "3.00（）"],
    ]
    with zipfile.ZipFile(tmp_path / "成文.docx") as archive:
        header, footer, notes = (
            archive.read(f"word/{name}.xml").decode() for name in ("header1", "footer1", "footnotes")
        )
    assert "某县&lt;医疗救助&gt;绩效评价 A&amp;B" in header
    assert "某县医疗保障局" in footer
    # A value that looks like a tag is text: footnotes are filled once.
    assert "见 {{ 7 }} 号文" in notes


def test_文字处理软件保存的模板(tmp_path: Path) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "{{ 单位.名称 }}"
    line = made.add_paragraph("项目：")
    # Word cuts a tag into runs as one types.
    for piece in ("{", "{ 标", "题 }", "}"):
        line.add_run(piece).bold = True
    made.save(str(tmp_path / "模板.docx"))
    out = tmp_path / "成文.docx"
    assert fill_template(tmp_path / "模板.docx", out, VALUES) == []
    page = docx.Document(str(out))
    assert page.paragraphs[0].text == "项目：某县<医疗救助>绩效评价 A&B"
    assert page.sections[0].header.paragraphs[0].text == "某县医疗保障局"
    first = out.read_bytes()
    assert fill_template(tmp_path / "模板.docx", out, VALUES) == []
    assert out.read_bytes() == first


def test_多行的值分行_不合法的字符略去(tmp_path: Path) -> None:
    template, out = write(tmp_path / "模板.docx", parts(paragraph("{{ 标题 }}"))), tmp_path / "成文.docx"
    values = VALUES | {"标题": "一\r\n二\x00\x07\x0c\t三"}
    assert fill_template(template, out, values) == []
    assert docx.Document(str(out)).paragraphs[0].text == "一\n二 三"


def test_可用名称一览() -> None:
    assert describe({"标题": "甲", "单位": {"名称": "乙"}, "指标": [{"名": "丙"}], "依据": ["丁"]}) == [
        ("标题", "甲"),
        ("单位.名称", "乙"),
        ("指标", "列表，每项有：名"),
        ("指标[0].名", "丙"),
        ("依据", "列表，如：丁"),
    ]


def test_名称写错时说出相近的名称(tmp_path: Path) -> None:
    template = write(tmp_path / "模板.docx", parts(paragraph("{{ 标 题 }}")))
    assert [each.rule for each in fill_template(template, tmp_path / "成文.docx", VALUES)] == ["template-syntax"]
    lines = paragraph("{{ 单位.名 }}") + paragraph("{% for 项 in 指标 %}{{ 项.得份 }}{% endfor %}")
    found = fill_template(write(template, parts(lines)), tmp_path / "成文.docx", VALUES)
    assert [(each.rule, each.file, each.sheet, each.value, each.message) for each in found] == [
        ("template-name", "模板.docx", "正文", "单位.名", "没有“名”这个名称"),
        ("template-name", "模板.docx", "正文", "项.得份", "没有“得份”这个名称"),
    ]
    assert "相近的名称：名称；" in found[0].advice
    assert "相近的名称：得分；" in found[1].advice


def test_个别行没有的字段(tmp_path: Path) -> None:
    template = write(tmp_path / "模板.docx", parts(paragraph("{% for 项 in 行 %}{{ 项.乙 }}{% endfor %}")))
    values = VALUES | {"行": [{"甲": "1", "乙": "2"}, {"甲": "3"}]}
    found = fill_template(template, tmp_path / "成文.docx", values)
    assert [(each.rule, each.message) for each in found] == [("template-name", "没有“乙”这个名称")]
    assert not (tmp_path / "成文.docx").exists()


@pytest.mark.parametrize(
    "value",
    [1, None, 1.5, object(), ("甲",), {"甲": print}, [{1: "甲"}]],
    ids=["整数", "空", "小数", "对象", "元组", "函数", "键不是文字"],
)
def test_值只能是文字列表和字典(tmp_path: Path, value: object) -> None:
    template = write(tmp_path / "模板.docx", parts(paragraph("{{ 甲 }}")))
    with pytest.raises(TypeError, match="dict, list and str only"):
        fill_template(template, tmp_path / "成文.docx", {"甲": value})


def test_已有的文件在拒绝时不动(tmp_path: Path) -> None:
    out = tmp_path / "成文.docx"
    out.write_text("原有", encoding="utf-8")
    assert fill_template(write(tmp_path / "模板.docx", parts(paragraph("{{ 没有 }}"))), out, VALUES)
    assert out.read_text(encoding="utf-8") == "原有"


# What a template says. Each must be refused for itself, so each stands alone in the text of a good document.
SAYINGS: dict[str, str] = {
    "属性链到类": "{{ 标题.__class__ }}",
    "属性链到全局变量": "{{ 标题.__class__.__mro__[1].__subclasses__()[0].__init__.__globals__ }}",
    "下标写的属性链": "{{ 标题['__class__']['__base__'] }}",
    "列表的方法": "{{ 指标.append }}",
    "字典的方法": "{{ 单位.items }}",
    "调用文字的方法": "{{ 标题.upper() }}",
    "格式串": "{{ '{0.__class__}'.format(标题) }}",
    "格式映射": "{{ '{a.__class__}'.format_map(单位) }}",
    "百分号格式": "{{ '%s' % 标题 }}",
    "格式过滤器": "{{ '%s'|format(标题) }}",
    "属性过滤器": "{{ 标题|attr('__class__') }}",
    "映射过滤器": "{{ 指标|map(attribute='__class__')|list }}",
    "拼出来的属性名": "{{ 标题['__cl' ~ 'ass__'] }}",
    "转义写的属性名": r"{{ 标题['\x5f\x5fclass\x5f\x5f'] }}",
    "取消转义": "{{ 标题|safe }}",
    "关闭自动转义": "{% autoescape false %}{{ 标题 }}{% endautoescape %}",
    "巨大的范围": "{% for i in range(1000000000) %}x{% endfor %}",
    "文字相乘": "{{ 'x' * 1000000000 }}",
    "乘方": "{{ 9 ** 9 ** 9 }}",
    "列表相乘": "{% for i in [1] * 100000000 %}{% endfor %}",
    "加法": "{{ 标题 + 标题 }}",
    "连接": "{{ 标题 ~ 标题 }}",
    "填充过滤器": "{{ 标题|center(1000000000) }}",
    "套四层的循环": "{% for a in 指标 %}{% for b in 指标 %}{% for c in 指标 %}{% for d in 指标 %}x"
    + "{% endfor %}" * 4,
    "空转的三层循环": "{% for a in 大表 %}{% for b in 大表 %}{% for c in 大表 %}" + "{% endfor %}" * 3,
    "写得太多的循环": "{% for a in 大表 %}{% for b in 大表 %}{{ b.值 }}" + "很长的文字" * 40 + "{% endfor %}" * 2,
    "递归循环": "{% for a in 指标 recursive %}{{ loop(指标) }}{% endfor %}",
    "带条件的循环": "{% for a in 指标 if a %}{% endfor %}",
    "拆开的循环变量": "{% for a, b in 单位 %}{% endfor %}",
    "循环文字": "{% for a in 标题 %}x{% endfor %}",
    "循环的上下文": "{% for a in 指标 %}{{ loop.__init__ }}{% endfor %}",
    "循环的轮换": "{% for a in 指标 %}{{ loop.cycle('甲', '乙') }}{% endfor %}",
    "循环外的loop": "{{ loop.index }}",
    "赋值": "{% set x = 1 %}{{ x }}",
    "宏": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "包含": "{% include '/etc/passwd' %}",
    "导入": "{% import 'os' as os %}",
    "从中导入": "{% from 'os' import system %}",
    "继承": "{% extends 'base.html' %}",
    "块": "{% block a %}{% endblock %}{{ self.a() }}",
    "调用块": "{% call 标题() %}{% endcall %}",
    "过滤块": "{% filter upper %}x{% endfilter %}",
    "作用域": "{% with x = 1 %}{{ x }}{% endwith %}",
    "原样": "{% raw %}{{ x }}{% endraw %}",
    "求值语句": "{% do 指标.append(1) %}",
    "调试": "{% debug %}",
    "全局lipsum": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "全局cycler": "{{ cycler.__init__.__globals__.os.system('id') }}",
    "全局joiner": "{{ joiner('、') }}",
    "全局namespace": "{{ namespace(a=1) }}",
    "全局dict": "{{ dict(a=1) }}",
    "全局self": "{{ self._TemplateReference__context }}",
    "全局self带默认值": "{{ self|default('') }}",
    "全局caller": "{{ caller() }}",
    "全局super": "{{ super() }}",
    "全局varargs": "{{ varargs }}",
    "名为导入": "{{ __import__('os').system('id') }}",
    "未定义的名称": "{{ 不存在 }}",
    "未定义的字段": "{{ 单位.不存在.更不存在 }}",
    "越界的下标": "{{ 指标[9].名称 }}",
    "变动的下标": "{{ 指标[标题] }}",
    "切片": "{{ 标题[0:1] }}",
    "输出列表": "{{ 指标 }}",
    "输出字典": "{{ 单位 }}",
    "条件表达式": "{{ 标题 if 等级 else 等级 }}",
    "测试": "{% if 标题 is defined %}x{% endif %}",
    "两个名称比较": "{% if 标题 == 等级 %}x{% endif %}",
    "文字比大小": "{% if 等级 > 90 %}x{% endif %}",
    "连着比较": "{% if 'a' < 等级 < 'b' %}x{% endif %}",
    "在名称中查找": "{% if '优' in 标题 %}x{% endif %}",
    "default调用": "{{ 缺|default(range(9)) }}",
    "join取字段": "{{ 指标|join(attribute='__class__') }}",
    "子文档": "{{p 标题 }}",
    "富文本": "{{r 标题 }}",
    "合并单元格": "{% colspan 标题 %}",
    "合并单元格加许多空格": "{% colspan" + " " * 5000 + "%",
    "单元格底色": "{% cellbg 标题 %}",
    "横向合并": "{% hm %}",
    "纵向合并": "{% vm %}",
    "表格外的行循环": "{%tr for 项 in 指标 %}" + "{%tr endfor %}",
    "没有结束的标记": "{{ 标题",
    "没有开始的标记": "标题 }}" + " -%}" * 3000,
    "没有结束的循环": "{% for 项 in 指标 %}{{ 项.名称 }}",
    "括号套得极深": "{{ " + "(" * 90 + "标题" + ")" * 90 + " }}",
    "判断套得极深": "{% if 标题 %}" * 900 + "{% endif %}" * 900,
    "字段套得极深": "{{ 标题" + ".a" * 90 + " }}",
    "字段套得更深": "{{ 标题" + ".a" * 50_000 + " }}",
    "标记极多": "{{ 标题 }}" * 5000,
}


def with_part(name: str, part: bytes) -> Callable[[Parts], Parts]:
    return lambda good: good | {name: part}


def linked(kind: str, target: str, mode: str = "External") -> Callable[[Parts], Parts]:
    return with_part("word/_rels/document.xml.rels", relations((kind, target, mode)))


def with_body(content: str, start: str = HEAD) -> Callable[[Parts], Parts]:
    return with_part("word/document.xml", document(content, start))


def field(code: str) -> str:
    kinds = ("begin", "", "end")
    runs = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' if kind else f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        for kind in kinds
    )
    return f"<w:p>{''.join(runs)}</w:p>"


def typed(old: str, new: str) -> Callable[[Parts], Parts]:
    name = "[Content_Types].xml"
    return lambda good: good | {name: good[name].replace(old.encode(), new.encode())}


def nested_tables(depth: int) -> str:
    return table(("a",)).replace("</w:tc>", (nested_tables(depth - 1) if depth else "") + "</w:tc>")


def many_tags() -> bytes:
    return story("hdr", paragraph("{{ 标题 }}" * 300))


LAUGHS = (
    HEAD
    + "<!DOCTYPE d [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{at + 1} '{f'&a{at};' * 10}'>" for at in range(9))
    + "]>"
)
FILE_ENTITY = HEAD + "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
DEEP = "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000

# What a template is made of.
PACKAGES: dict[str, Callable[[Parts], Parts]] = {
    "附加模板": linked("attachedTemplate", "http://203.0.113.1/t.dotm"),
    "远程图片": linked("image", "http://203.0.113.1/a.png"),
    "共享文件夹上的图片": linked("image", r"\\203.0.113.1\a\b.png"),
    "外部超链接": linked("hyperlink", "file:///etc/passwd"),
    "外部对象": linked("oleObject", "file:///a.xls"),
    "嵌入对象": linked("oleObject", "embeddings/a.bin", "Internal"),
    "外部框架": linked("frame", "http://203.0.113.1/"),
    "外部子文档": linked("subDocument", "http://203.0.113.1/a.docx"),
    "邮件合并数据源": linked("mailMergeSource", "file:///a.mdb"),
    "插入的外部内容": linked("aFChunk", "word/a.html", "Internal"),
    "宏工程的关系": linked("vbaProject", "vbaProject.bin", "Internal"),
    "控件的关系": linked("control", "activeX/a.xml", "Internal"),
    "大小写不同的外部": linked("image", "http://203.0.113.1/a.png", "external"),
    "跳出压缩包的关系": linked("header", "../../../../etc/passwd", "Internal"),
    "图片冒充正文": lambda good: (
        good
        | {
            "_rels/.rels": relations(("officeDocument", "word/a.png", "Internal")),
            "word/a.png": document(paragraph("{{ 1 }}")),
        }
    ),
    "页眉里的远程图片": with_part(
        "word/_rels/header1.xml.rels", relations(("image", "http://203.0.113.1/", "External"))
    ),
    "宏文件": with_part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "启用宏的文档": typed(
        "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
    ),
    "控件的类型": typed(
        'Extension="png" ContentType="image/png"', 'Extension="png" ContentType="application/vnd.ms-office.activeX"'
    ),
    "工作簿冒充": typed("wordprocessingml.document.main", "spreadsheetml.sheet.main"),
    "路径跳出的部件名": with_part("../../../../tmp/evil.xml", b"<a/>"),
    "绝对路径的部件名": with_part("/etc/evil.xml", b"<a/>"),
    "反斜杠跳出的部件名": with_part("word\\..\\..\\evil.xml", b"<a/>"),
    "盘符的部件名": with_part("C:/evil.xml", b"<a/>"),
    "只差大小写的部件": with_part("word/Document.xml", document(paragraph("{{ 1 }}"))),
    "没有类型表": lambda good: {name: part for name, part in good.items() if name != "[Content_Types].xml"},
    "没有正文": lambda good: {name: part for name, part in good.items() if name != "word/document.xml"},
    "部件极多": lambda good: good | {f"word/a{at}.xml": b"<a/>" for at in range(400)},
    "压缩炸弹": with_part("word/a.png", b"\0" * 60 * 2**20),
    "巨大的XML": with_body(paragraph("文" * 2_000_000)),
    "元素极多": with_body("<w:p/>" * 300_000),
    "标签套得极深": with_body(DEEP),
    "十亿大笑": with_body("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", LAUGHS),
    "属性里的实体": with_body('<w:p><w:r w:rsidR="&a9;"/></w:p>', LAUGHS),
    "读文件的实体": with_body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", FILE_ENTITY),
    "外部的文档类型": with_body(paragraph("甲"), HEAD + "<!DOCTYPE d SYSTEM 'http://203.0.113.1/d.dtd'>"),
    "另一种编码藏实体": with_part("word/document.xml", ("<?xml version='1.0'?><!DOCTYPE d []><d/>").encode("utf-16")),
    "无标记的双字节编码": with_part("word/document.xml", "<!DOCTYPE d []><d/>".encode("utf-16-le")),
    "声明的编码不是UTF-8": with_body(paragraph("x"), "<?xml version='1.0' encoding='utf-7'?>"),
    "不成形的XML": with_part("word/document.xml", b"<w:document><w:body>"),
    "调换了前缀": with_part("word/document.xml", document(paragraph("x")).replace(b"w:", b"x:")),
    "读文件的域": with_body(field(r" INCLUDETEXT C:\\a.txt ")),
    "读图片的域": with_body(field(' INCLUDEPICTURE "http://203.0.113.1/" ')),
    "DDE域": with_body(field(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe ")),
    "拼出来的域": with_body(field("</w:instrText><w:instrText>DDE</w:instrText><w:instrText>AUTO x")),
    "简单域": with_body('<w:p><w:fldSimple w:instr=" LINK Excel.Sheet a "/></w:p>'),
    "外部网址的域": with_body(field(' HYPERLINK "http://203.0.113.1/" ')),
    "域里的标记": with_body(field(" PAGE {{ 标题 }} ")),
    "引入内容": with_body('<w:altChunk r:id="r9"/>'),
    "控件": with_body("<w:p><w:r><w:object/></w:r></w:p>"),
    "图形的网址": with_body('<w:p><w:r><v:imagedata xmlns:v="urn:v" src="http://203.0.113.1/a.png"/></w:r></w:p>'),
    "属性里的标记": with_body('<w:p w:rsidR="{{ 标题 }}"/>'),
    "名称空间里的标记": with_body('<w:p xmlns:q="{{ 标题 }}"/>'),
    "样式里的标记": with_part("word/styles.xml", story("styles", paragraph("{{ 标题 }}"))),
    "跨段拼出的标记": with_body(paragraph("{") + paragraph("{ 7 * 7 }") + paragraph("}")),
    "修订中的标记": with_body("<w:p><w:del><w:r><w:delText>{{ 标题 }}</w:delText></w:r></w:del></w:p>"),
    "页眉里的攻击": with_part("word/header1.xml", story("hdr", paragraph("{{ 标题.__class__ }}"))),
    "脚注里的攻击": with_part("word/footnotes.xml", story("footnotes", paragraph("{{ ''.__class__ }}"))),
    "表格套得极深": with_body(nested_tables(40)),
    "许多页眉各有许多标记": lambda good: good | {f"word/header{at}.xml": many_tags() for at in range(2, 100)},
    "没有列的表格": with_body("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
    "极宽的单元格": with_body(
        table(("a",)).replace("<w:tc>", '<w:tc><w:tcPr><w:gridSpan w:val="99999999999"/></w:tcPr>')
    ),
    "循环切断表格": with_body(paragraph("{% for 项 in 指标 %}") + table(("a", "{% endfor %}"))),
}

GOOD = packed(parts(paragraph("{{ 标题 }}")))
# What is no template at all.
BYTES: dict[str, bytes] = {
    "空文件": b"",
    "不是压缩包": b"{{ 7 * 7 }}",
    "截去一半": GOOD[: len(GOOD) // 2],
    "截去结尾": GOOD[:-30],
    "内容改了一位": GOOD[:400] + bytes([GOOD[400] ^ 1]) + GOOD[401:],
    "别的压缩包": packed({"a.xml": b"<a/>"}),
    "旧版Word文档": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
}

HOSTILE = {
    **{name: packed(parts(paragraph(text))) for name, text in SAYINGS.items()},
    **{name: packed(change(parts(paragraph("{{ 标题 }}")))) for name, change in PACKAGES.items()},
    **BYTES,
}

_WATCHED: list[str] = []
_SEEN: list[str] = []
_HARMLESS = (".py", ".pyc", ".so")


def _watch(event: str, args: tuple[object, ...]) -> None:
    """Note what the interpreter does besides reading the template: files, programs, the network."""
    if not _WATCHED:
        return
    if event == "open":
        path = str(args[0])
        if not path.startswith(_WATCHED[0]) and not path.endswith(_HARMLESS):
            _SEEN.append(path)
    elif event.startswith(("os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.", "socket.", "urllib.")):
        _SEEN.append(event)


sys.addaudithook(_watch)


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    _SEEN.clear()
    _WATCHED.append(str(folder))
    try:
        yield _SEEN
    finally:
        _WATCHED.clear()


@pytest.mark.parametrize("name", HOSTILE)
def test_恶意的模板什么也做不成(tmp_path: Path, name: str) -> None:
    template, out = tmp_path / "模板.docx", tmp_path / "成文.docx"
    template.write_bytes(HOSTILE[name])
    # The template's own work: neither what else the machine does nor what the tests before have left to clear away.
    gc.disable()
    start = time.process_time()
    try:
        with watched(tmp_path) as seen:
            found = fill_template(template, out, VALUES)
    finally:
        gc.enable()
    assert time.process_time() - start < 1
    assert seen == []
    assert found
    assert all(each.is_error and each.file == template.name and each.message and each.advice for each in found)
    assert list(tmp_path.iterdir()) == [template]


def test_恶意的模板至少五十种() -> None:
    assert len(HOSTILE) >= 50


def test_监视确能发现打开别的文件(tmp_path: Path) -> None:
    inside = tmp_path / "内"
    inside.mkdir()
    with watched(inside) as seen:
        (inside / "a").write_text("", encoding="utf-8")
        assert seen == []
        (tmp_path / "b").write_text("", encoding="utf-8")
    assert seen == [str(tmp_path / "b")]


@pytest.mark.parametrize(("text", "shown"), [("{{ 6 * 7 }}", "42"), ("{{ 标题[0:2] ~ '标记' }}", "标记")])
def test_挡住它们的是语法检查(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, shown: str) -> None:
    template, out = write(tmp_path / "模板.docx", parts(paragraph(text))), tmp_path / "成文.docx"
    assert fill_template(template, out, VALUES)
    assert not out.exists()
    monkeypatch.setattr(office_template, "complaints", lambda tree, values: [])
    fill_template(template, out, VALUES)
    assert shown in docx.Document(str(out)).paragraphs[0].text


@pytest.mark.parametrize(
    "name", ["属性链到类", "列表的方法", "调用文字的方法", "格式串", "全局lipsum", "空转的三层循环"]
)
def test_没有语法检查沙箱仍然挡住(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(office_template, "complaints", lambda tree, values: [])
    template, out = tmp_path / "模板.docx", tmp_path / "成文.docx"
    template.write_bytes(HOSTILE[name])
    assert fill_template(template, out, VALUES)
    assert not out.exists()


def test_挡住外部链接的是部件检查(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_package, "_relation_findings", lambda *_: [])
    template, out = tmp_path / "模板.docx", tmp_path / "成文.docx"
    template.write_bytes(HOSTILE["远程图片"])
    assert fill_template(template, out, VALUES) == []
    with zipfile.ZipFile(out) as archive:
        assert b"203.0.113.1" in archive.read("word/_rels/document.xml.rels")


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("属性链到类", "template-expression"),
        ("列表的方法", "template-name"),
        ("文字相乘", "template-expression"),
        ("赋值", "template-statement"),
        ("空转的三层循环", "template-too-complex"),
        ("没有结束的标记", "template-tag-unpaired"),
        ("DDE域", "template-active-content"),
        ("域里的标记", "template-tag-place"),
        ("样式里的标记", "template-tag-place"),
        ("没有结束的循环", "template-syntax"),
        ("循环切断表格", "template-structure"),
        ("附加模板", "template-active-content"),
        ("截去一半", "template-file"),
        ("压缩炸弹", "file-too-large"),
    ],
)
def test_拒绝的理由(tmp_path: Path, name: str, rule: str) -> None:
    template = tmp_path / "模板.docx"
    template.write_bytes(HOSTILE[name])
    found: list[Finding] = fill_template(template, tmp_path / "成文.docx", VALUES)
    assert rule in {each.rule for each in found}
