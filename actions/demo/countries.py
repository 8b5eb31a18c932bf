"""Four countries: facts by topic, with the day they were checked."""

from datetime import date

from .words import p, t

CHECKED = date(2026, 11, 1)

COUNTRIES = {
    "china": {
        "title": t("Kina", "Kina", "China"),
        "slug": t("kina", "kina", "china"),
        "code": "CN",
        "region": "asia",
        "lead": t(
            "Verdens nest mest folkerike land styres av ett parti, og den som sier imot, risikerer fengsel.",
            "Det nest mest folkerike landet i verda blir styrt av eitt parti, og den som seier imot, risikerer fengsel.",
            "The world’s second most populous country is ruled by one party, and those who contradict it risk prison.",
        ),
        "hero_alt": t(
            "Tegning: fjellrygger i morgendis.",
            "Teikning: fjellryggar i morgondis.",
            "Drawing: mountain ridges in morning haze.",
        ),
        "topics": [
            (
                "topic",
                {
                    "heading": t("Kina og covid-19", "Kina og covid-19", "China and covid-19"),
                    "checked_on": CHECKED,
                    "facts": [
                        p(
                            "De første kjente tilfellene kom i byen Wuhan i Hubei i desember 2019.",
                            "Dei første kjende tilfella kom i byen Wuhan i Hubei i desember 2019.",
                            "The first known cases appeared in the city of Wuhan in Hubei in December 2019.",
                        ),
                        p(
                            "Nyheter om viruset ble sensurert, både i avisene og i sosiale medier. Borgere som meldte fra om det de så i Wuhan, ble fengslet.",
                            "Nyhende om viruset vart sensurerte, både i avisene og i sosiale medium. Borgarar som melde frå om det dei såg i Wuhan, vart fengsla.",
                            "News of the virus was censored, in newspapers and in social media. Citizens who reported what they saw in Wuhan were imprisoned.",
                        ),
                    ],
                },
            ),
            (
                "topic",
                {
                    "heading": t("Ytringsfrihet", "Ytringsfridom", "Freedom of expression"),
                    "checked_on": CHECKED,
                    "facts": [
                        p(
                            "Store deler av nettet er sperret, og søk og samtaler overvåkes.",
                            "Store delar av nettet er sperra, og søk og samtalar blir overvaka.",
                            "Large parts of the internet are blocked, and searches and conversations are watched.",
                        ),
                        p(
                            "Kina henretter trolig flere mennesker enn resten av verden til sammen, men tallet er en statshemmelighet.",
                            "Kina avrettar truleg fleire menneske enn resten av verda til saman, men talet er ein statsløyndom.",
                            "China probably executes more people than the rest of the world together, but the number is a state secret.",
                        ),
                    ],
                },
            ),
        ],
    },
    "iran": {
        "title": t("Iran", "Iran", "Iran"),
        "slug": t("iran", "iran", "iran"),
        "code": "IR",
        "region": "middle-east",
        "lead": t(
            "Et ungt folk krever frihet av en stat som svarer med fengsel og henrettelser.",
            "Eit ungt folk krev fridom av ein stat som svarar med fengsel og avrettingar.",
            "A young people demand freedom from a state that answers with prison and executions.",
        ),
        "hero_alt": t(
            "Tegning: en by under fjell med snø på toppene.",
            "Teikning: ein by under fjell med snø på toppane.",
            "Drawing: a city below mountains with snow on their tops.",
        ),
        "topics": [
            (
                "topic",
                {
                    "heading": t("Dødsstraff", "Dødsstraff", "The death penalty"),
                    "checked_on": CHECKED,
                    "facts": [
                        p(
                            "Minst 972 mennesker ble henrettet i 2024, mot minst 853 året før.",
                            "Minst 972 menneske vart avretta i 2024, mot minst 853 året før.",
                            "At least 972 people were executed in 2024, after at least 853 the year before.",
                        ),
                        p(
                            "Dødsstraff brukes også mot mennesker som var under 18 år da lovbruddet skjedde.",
                            "Dødsstraff blir òg brukt mot menneske som var under 18 år då lovbrotet skjedde.",
                            "The death penalty is used even against people who were under 18 at the time of the offence.",
                        ),
                    ],
                },
            )
        ],
    },
    "afghanistan": {
        "title": t("Afghanistan", "Afghanistan", "Afghanistan"),
        "slug": t("afghanistan", "afghanistan", "afghanistan"),
        "code": "AF",
        "region": "asia",
        "lead": t(
            "Siden august 2021 har Taliban tatt fra kvinner og jenter skolen, arbeidet og det offentlige rom.",
            "Sidan august 2021 har Taliban teke frå kvinner og jenter skulen, arbeidet og det offentlege rommet.",
            "Since August 2021 the Taliban have taken school, work and public life from women and girls.",
        ),
        "hero_alt": t(
            "Tegning: et bredt dalføre med tun mellom bratte fjell.",
            "Teikning: eit breitt dalføre med tun mellom bratte fjell.",
            "Drawing: a wide valley with farmsteads between steep mountains.",
        ),
        "topics": [
            (
                "topic",
                {
                    "heading": t("Kvinners rettigheter", "Rettane til kvinner", "Women’s rights"),
                    "checked_on": CHECKED,
                    "facts": [
                        p(
                            "Jenter får ikke gå på skole etter sjette klasse.",
                            "Jenter får ikkje gå på skule etter sjette klasse.",
                            "Girls may not attend school after the sixth grade.",
                        ),
                        p(
                            "Kvinner kan ikke studere, ikke arbeide i de fleste yrker og ikke reise langt uten en mannlig slektning.",
                            "Kvinner kan ikkje studere, ikkje arbeide i dei fleste yrke og ikkje reise langt utan ein mannleg slektning.",
                            "Women may not study, work in most professions, or travel far without a male relative.",
                        ),
                    ],
                },
            )
        ],
    },
    "zimbabwe": {
        "title": t("Zimbabwe", "Zimbabwe", "Zimbabwe"),
        "slug": t("zimbabwe", "zimbabwe", "zimbabwe"),
        "code": "ZW",
        "region": "africa",
        "lead": t(
            "Landet som gjorde slutt på dødsstraffen på årets siste dag i 2024.",
            "Landet som gjorde slutt på dødsstraffa den siste dagen i 2024.",
            "The country that ended the death penalty on the last day of 2024.",
        ),
        "hero_alt": t(
            "Tegning: balanserende steiner på en åpen slette.",
            "Teikning: balanserande steinar på ei open slette.",
            "Drawing: balancing rocks on an open plain.",
        ),
        "topics": [
            (
                "topic",
                {
                    "heading": t("Dødsstraff", "Dødsstraff", "The death penalty"),
                    "checked_on": CHECKED,
                    "facts": [
                        p(
                            "Den siste henrettelsen var i 2005.",
                            "Den siste avrettinga var i 2005.",
                            "The last execution was in 2005.",
                        ),
                        p(
                            "Dødsstraffen ble avskaffet ved lov 31. desember 2024.",
                            "Dødsstraffa vart avskaffa ved lov 31. desember 2024.",
                            "The death penalty was abolished by law on 31 December 2024.",
                        ),
                    ],
                },
            )
        ],
    },
}
