"""Invented places, institutions, projects and papers. Nobody and nothing here exists."""

from dataclasses import dataclass
from random import Random

COUNTIES = (
    "云河县",
    "青川区",
    "甲县",
    "白石县",
    "望川县",
    "松岭区",
    "清溪区",
    "南埠县",
    "东湾区",
    "柳泉县",
    "石桥区",
    "金坪县",
    "双塔区",
    "乌石县",
    "枫林县",
    "长滩区",
)
CITIES = ("云州市", "江岭市", "北原市", "宁川市", "海岳市")
PROVINCES = ("东岭省", "南岳省", "河西省", "北川省")
FIRMS = (
    "东岭恒信会计师事务所",
    "明远绩效评价咨询有限公司",
    "北辰项目管理咨询有限公司",
    "华岳管理咨询有限公司",
    "正衡资产评估有限公司",
    "同德工程咨询有限公司",
)
SUBJECTS = ("城乡医疗救助", "困难群众医疗救助", "医疗救助补助", "重特大疾病医疗救助", "困难群众参保与救助")
PAPERS = (
    ("关于下达{year}年{subject}资金预算的通知", "财社"),
    ("{subject}资金管理办法", "财规"),
    ("关于健全{subject}制度的实施方案", "政办发"),
    ("关于做好{year}年{subject}工作的通知", "医保发"),
    ("{year}年度财政重点绩效评价工作方案", "财绩"),
)


@dataclass(frozen=True, slots=True)
class World:
    """One invented county and its project in one year."""

    county: str
    others: tuple[str, ...]
    city: str
    province: str
    firm: str
    subject: str
    year: int

    @property
    def short(self) -> str:
        """The character that the county's papers begin with."""
        return self.county[0]

    @property
    def bureau(self) -> str:
        """The department in charge."""
        return self.county + "医疗保障局"

    @property
    def treasury(self) -> str:
        """The finance office."""
        return self.county + "财政局"

    @property
    def centre(self) -> str:
        """The institution that does the work."""
        return self.county + "医疗保险服务中心"


def world(rng: Random) -> World:
    """Draw a county, its superiors, a firm, a project and a year."""
    county, *others = rng.sample(COUNTIES, 4)
    return World(
        county=county,
        others=tuple(others),
        city=rng.choice(CITIES),
        province=rng.choice(PROVINCES),
        firm=rng.choice(FIRMS),
        subject=rng.choice(SUBJECTS),
        year=rng.choice((2021, 2022, 2023, 2024)),
    )
