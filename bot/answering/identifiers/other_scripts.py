"""Names that are told otherwise than by words with capitals: initials, and names in scripts without capitals."""

import re
from collections.abc import Iterator

from bot.answering.identifiers import contexts
from bot.answering.identifiers.gazetteer import Gazetteer
from bot.answering.identifiers.runs import SIGHT, aged

INITIALS = re.compile(
    r"(?<![\w.])(?:[A-ZÀ-Þ]\.[\s-]?){2,4}(?![\w])|(?<![\w.])[A-ZÀ-Þ]\.(?:[\s-]?[A-ZÀ-Þ]\.)*-[A-ZÀ-Þ]\."
)
NO_INITIALS = re.compile(
    r"(?:d\.o\.b|u\.s|u\.k|e\.u|i\.v|p\.o|s\.c|i\.m|b\.i\.d|t\.i\.d|q\.d|a\.m|p\.m|n\.b|p\.s|z\.b)\.?", re.IGNORECASE
)
KIN = (
    r"(?:ابنتي|ابني|طفلي|طفلتي|ابنته|ابنه|ابنتنا|ابننا|اسمه|اسمها|اسمي|المريض|المريضة|الطفل|الطفلة|والدة|والد"
    r"|دخترم|پسرم|"
    r"בני|בתי|שמו|שמה|הבן\s+שלי|הבת\s+שלי|मेरी\s+बेटी|मेरा\s+बेटा|मेरे\s+बेटे|नाम)"
)
CASELESS = re.compile(
    rf"(?<!\w){KIN}\s+(?P<name>[^\W\d_a-zA-Z]{{2,}}(?:\s+(?:ال|بن\s+|بنت\s+|בן\s+)[^\W\d_a-zA-Z]{{2,}})?)"
)
NO_NAMES = frozenset(
    """
    عمرها عمره لديه لديها تأخذ يأخذ مصاب مصابة تعاني يعاني منذ هل في من على بنت ولد البالغ البالغة
    הוא היא בן בת को है की का
    """.split()
)
HAN = re.compile(
    r"(?:儿子|女儿|孩子|患儿|患者|病人|兒子|女兒|名叫|叫做|叫"
    r"|我是)(?P<name>[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇盧鍾陸羅]"
    r"[\u4e00-\u9fff]{1,2}?)(?=[,，。、:：;；\s\d(（今现有是的患]|$)"
    r"|(?P<said>[\u4e00-\u9fff\u3040-\u30ff]{1,4})(?=ちゃん|くん|さん)"
    r"|(?:아들|딸|아이|이름은|환자)\s*(?P<korean>[가-힣]{2,4}?)(?=[은는이가\s,]|$)"
)


def find_initials(text: str) -> Iterator[tuple[int, int]]:
    """Initials with full stops, beside a relative, a patient or an age."""
    for match in INITIALS.finditer(text):
        start, end = match.start(), match.start() + len(match[0].rstrip())
        before, behind = text[max(0, start - SIGHT) : start], text[end : end + SIGHT]
        if NO_INITIALS.fullmatch(match[0].strip()):
            continue
        if (
            contexts.BEFORE_KIN.search(before)
            or contexts.NAMED.search(before)
            or contexts.TITLES.search(before)
            or aged(behind)
        ):
            yield start, end


def find_caseless(text: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """Names in scripts without capitals: behind a word for a relative, or before a word that honours."""
    if text.isascii():
        return
    for match in CASELESS.finditer(text):
        if match["name"].split()[0] not in NO_NAMES:
            yield match.span("name")
    for match in HAN.finditer(text):
        yield next(match.span(group) for group in ("name", "said", "korean") if match[group])
    for match in re.finditer(
        r"(?<![\u0590-\u06ff])[\u0590-\u05ff\u0600-\u06ff]{3,30}(?:\s+ال[\u0600-\u06ff]{2,})", text
    ):
        if gazetteer.is_given(match[0].split()[0]):
            yield match.span()
