"""Which part of a name may be proposed to be shown in public: only where it is plain which word is the first name.

Whoever signs sees the proposal and can change it. A family name that is proposed by mistake may slip through, so
where the order of a name is not sure nothing is proposed: scripts in which it is written the other way round or without
a space, commas, full stops, capitals before small letters, titles, and family names that often come first.
"""

import re

# One rule for here and for the page's script, in the syntax that both understand. Latin letters without those of
# Vietnamese, where the family name comes first; more letters than an initial.
SURE = r"^(?![A-ZÀ-ÖØ-Þ'’-]{2,} .*[a-zß-öø-ÿ])([A-Za-zÀ-ÖØ-öø-ſ][A-Za-zÀ-ÖØ-öø-ſ'’-]{1,39}) [^,;/]+$"

TITLES = """
    dr prof professor doktor doctor docent dosent mr mrs ms miss mx sir dame lord lady herr hr fru frk
    frøken madame mme mlle monsieur mgr don doña senor señor señora sheikh sheik imam rabbi father fr pastor
    prest biskop bishop sister brother hans hennes his her prins prinsesse prince princess king queen kong
    dronning graf baron ing dipl mag adv capt col gen maj lt familien family familie foreldrene ekteparet
"""
PARTICLES = """
    van von de da di do du del della des la le les el al bin ben ibn bint abu abd abdul um umm ter ten zu af
    av san st
"""
# Frequent names of families in languages that put them first in Latin letters too: Hungarian, Chinese, Korean,
# Vietnamese.
FAMILIES = """
    nagy kovács kovacs tóth toth szabó szabo horváth horvath varga kiss molnár molnar németh nemeth farkas
    balogh papp pap takács takacs juhász juhasz lakatos mészáros meszaros oláh olah rácz racz fekete
    szilágyi szilagyi török torok fehér balázs gál kis szűcs szucs kocsis orsós orsos pintér pinter fodor
    sipos magyar lukács lukacs gulyás bíró biró király kiraly wang li zhang liu chen yang huang zhao wu zhou
    xu sun ma zhu hu guo he lin gao luo zheng liang xie tang deng feng cao peng zeng xiao tian dong pan yuan
    cai jiang yu du ye cheng wei su lü lu ding ren shen yao cui zhong tan fan jin shi wong chan cheung leung
    lau ng lam ho chow kwok tsang tsai hsu kim lee park pak choi choe jung jeong kang cho yoon yun jang lim
    im han oh seo shin kwon hwang ahn song ryu yoo hong nguyen tran le pham hoang huynh phan vu vo dang bui
    ngo duong ly
"""
UNSURE = frozenset(f"{TITLES} {PARTICLES} {FAMILIES}".split())


def proposed(name: str) -> str:
    """The first name in a cleaned name, or nothing where it is not sure which word that is."""
    found = re.match(SURE, name)
    return "" if found is None or found[1].lower() in UNSURE else found[1]


def kept_shown(shown: str, *, before: str, after: str) -> str:
    """What is shown of a name once it is corrected: nothing where that is of the old name alone."""
    if shown == proposed(before):
        return proposed(after)
    old = {word for word in shown.split() if word in before.split()}
    return shown if old <= set(after.split()) else ""
