"""The open action for girls' schooling, and the coming one for women's work."""

from .words import p, t

SCHOOL = {
    "title": t("La afghanske jenter gå på skole", "Lat afghanske jenter gå på skule", "Let Afghan girls go to school"),
    "form_heading": t("Stå opp for skolejentene", "Stå opp for skulejentene", "Stand up for the girls at school"),
    "slug": t("la-jenter-ga-pa-skole", "lat-jenter-ga-pa-skule", "let-girls-go-to-school"),
    "lead": t(
        "Afghanistan er det eneste landet i verden der jenter over tolv år nektes skole. Be Norges utenriksminister holde saken øverst på bordet.",
        "Afghanistan er det einaste landet i verda der jenter over tolv år blir nekta skule. Be den norske utanriksministeren halde saka øvst på bordet.",
        "Afghanistan is the only country in the world where girls over twelve are denied school. Ask Norway’s foreign minister to keep the matter at the top of the table.",
    ),
    "hero_alt": t(
        "Tegning: en tom skolepult foran et åpent vindu mot fjell.",
        "Teikning: ein tom skulepult framfor eit ope vindauge mot fjell.",
        "Drawing: an empty school desk before an open window towards mountains.",
    ),
}


def school(*, articles, story) -> list:
    return [
        (
            "section",
            {
                "heading": "",
                "text": p(
                    "I september 2021 åpnet ungdomsskolene i Afghanistan igjen, men bare for gutter. I desember 2022 ble også universitetene stengt for kvinner. Siden er påbudene blitt flere.",
                    "I september 2021 opna ungdomsskulane i Afghanistan att, men berre for gutar. I desember 2022 vart òg universiteta stengde for kvinner. Sidan er påboda blitt fleire.",
                    "In September 2021 the secondary schools of Afghanistan reopened, but only for boys. In December 2022 the universities too were closed to women. The decrees have multiplied since.",
                ),
            },
        ),
        (
            "section",
            {
                "heading": t("En hel generasjon", "Ein heil generasjon", "A whole generation"),
                "text": p(
                    "UNESCO regner med at minst 1,4 millioner jenter er nektet videre skolegang siden 2021. Uten skole følger tidligere ekteskap, dårligere helse og mindre å leve av. Landet mister leger, lærere og jordmødre.",
                    "UNESCO reknar med at minst 1,4 millionar jenter er nekta vidare skulegang sidan 2021. Utan skule følgjer tidlegare ekteskap, dårlegare helse og mindre å leve av. Landet mistar legar, lærarar og jordmødrer.",
                    "UNESCO reckons that at least 1.4 million girls have been denied secondary schooling since 2021. Without school come earlier marriage, poorer health and less to live on. The country loses doctors, teachers and midwives.",
                ),
            },
        ),
        (
            "related_page",
            {
                "page": story,
                "text": t(
                    "Hvorfor navnet ditt betyr noe, også langt unna.",
                    "Kvifor namnet ditt betyr noko, òg langt unna.",
                    "Why your name matters, even far away.",
                ),
            },
        ),
        (
            "demands",
            {
                "heading": t(
                    "Vi ber utenriksministeren om at Norge:",
                    "Vi bed utanriksministeren om at Noreg:",
                    "We ask the minister that Norway:",
                ),
                "demands": [
                    t(
                        "krever at skoler og universiteter åpnes for jenter og kvinner, i hvert møte med dem som har makten i Kabul",
                        "krev at skular og universitet blir opna for jenter og kvinner, i kvart møte med dei som har makta i Kabul",
                        "demands that schools and universities are opened to girls and women, at every meeting with those in power in Kabul",
                    ),
                    t(
                        "støtter afghanske lærere som underviser hjemme og på nett",
                        "støttar afghanske lærarar som underviser heime og på nett",
                        "supports Afghan teachers who teach at home and online",
                    ),
                    t(
                        "sørger for at afghanske kvinner sitter ved bordet når landets framtid drøftes",
                        "syter for at afghanske kvinner sit ved bordet når framtida til landet blir drøfta",
                        "makes sure that Afghan women are at the table when the country’s future is discussed",
                    ),
                ],
            },
        ),
        (
            "background",
            {
                "heading": t("Bakgrunn", "Bakgrunn", "Background"),
                "facts": [
                    {
                        "text": p(
                            "Minst 1,4 millioner jenter er nektet skole etter barnetrinnet.",
                            "Minst 1,4 millionar jenter er nekta skule etter barnetrinnet.",
                            "At least 1.4 million girls are denied school beyond the primary level.",
                        ),
                        "source": t("UNESCO, august 2024", "UNESCO, august 2024", "UNESCO, August 2024"),
                        "source_url": "https://www.unesco.org/en/articles/afghanistan-14-million-girls-still-banned-school-de-facto-authorities",
                    },
                    {
                        "text": p(
                            "I juli 2025 utstedte Den internasjonale straffedomstolen arrestordre mot to av Talibans ledere for forfølgelse på grunnlag av kjønn.",
                            "I juli 2025 ferda Den internasjonale straffedomstolen ut arrestordre mot to av leiarane i Taliban for forfølging på grunnlag av kjønn.",
                            "In July 2025 the International Criminal Court issued arrest warrants against two Taliban leaders for persecution on grounds of gender.",
                        ),
                        "source": t(
                            "Den internasjonale straffedomstolen",
                            "Den internasjonale straffedomstolen",
                            "International Criminal Court",
                        ),
                        "source_url": "https://www.icc-cpi.int/afghanistan",
                    },
                ],
            },
        ),
        (
            "rights",
            {
                "heading": t("Menneskerettigheter", "Menneskerettar", "Human rights"),
                "lead": t(
                    "Disse menneskerettighetene blir brutt:",
                    "Desse menneskerettane blir brotne:",
                    "These human rights are violated:",
                ),
                "groups": [
                    {
                        "articles": [articles[26], articles[2]],
                        "text": p(
                            "Alle har rett til utdanning, uten forskjell.",
                            "Alle har rett til utdanning, utan skilnad.",
                            "Everyone has the right to education, without distinction.",
                        ),
                    },
                ],
            },
        ),
        ("country_facts", {"heading": "", "country": None}),
    ]


WORK = {
    "title": t("La afghanske kvinner arbeide", "Lat afghanske kvinner arbeide", "Let Afghan women work"),
    "slug": t("la-kvinner-arbeide", "lat-kvinner-arbeide", "let-women-work"),
    "lead": t(
        "Kvinner i Afghanistan nektes arbeid i hjelpeorganisasjoner, i FN og på kontorer. Be Norges utenriksminister kreve at forbudene oppheves.",
        "Kvinner i Afghanistan blir nekta arbeid i hjelpeorganisasjonar, i FN og på kontor. Be den norske utanriksministeren krevje at forboda blir oppheva.",
        "Women in Afghanistan are barred from work in aid organisations, in the UN and in offices. Ask Norway’s foreign minister to demand that the bans are lifted.",
    ),
}


def work(*, articles) -> list:
    return [
        (
            "section",
            {
                "heading": "",
                "text": p(
                    "I desember 2022 fikk afghanske kvinner forbud mot å arbeide i hjelpeorganisasjoner, og i april 2023 i FN. Der kvinner ikke får arbeide, når hjelpen heller ikke fram til kvinner og barn.",
                    "I desember 2022 fekk afghanske kvinner forbod mot å arbeide i hjelpeorganisasjonar, og i april 2023 i FN. Der kvinner ikkje får arbeide, når hjelpa heller ikkje fram til kvinner og born.",
                    "In December 2022 Afghan women were banned from working in aid organisations, and in April 2023 in the UN. Where women may not work, help does not reach women and children either.",
                ),
            },
        ),
        (
            "demands",
            {
                "heading": t(
                    "Vi ber utenriksministeren om at Norge:",
                    "Vi bed utanriksministeren om at Noreg:",
                    "We ask the minister that Norway:",
                ),
                "demands": [
                    t(
                        "krever at forbudene mot kvinners arbeid oppheves",
                        "krev at forboda mot arbeid for kvinner blir oppheva",
                        "demands that the bans on women’s work are lifted",
                    ),
                    t(
                        "gir hjelp gjennom organisasjoner der kvinner arbeider",
                        "gjev hjelp gjennom organisasjonar der kvinner arbeider",
                        "gives aid through organisations in which women work",
                    ),
                ],
            },
        ),
        (
            "rights",
            {
                "heading": t("Menneskerettigheter", "Menneskerettar", "Human rights"),
                "lead": t("Retten det gjelder:", "Retten det gjeld:", "The right at stake:"),
                "groups": [
                    {
                        "articles": [articles[23]],
                        "text": p(
                            "Alle har rett til arbeid og til å velge det fritt.",
                            "Alle har rett til arbeid og til å velje det fritt.",
                            "Everyone has the right to work and to choose it freely.",
                        ),
                    },
                ],
            },
        ),
        ("country_facts", {"heading": "", "country": None}),
    ]
