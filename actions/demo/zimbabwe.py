"""The won action against the death penalty in Zimbabwe."""

from .words import p, t

ABOLITION = {
    "title": t(
        "Avskaff dødsstraffen i Zimbabwe",
        "Avskaff dødsstraffa i Zimbabwe",
        "Abolish the death penalty in Zimbabwe",
    ),
    "slug": t("avskaff-dodsstraffen", "avskaff-dodsstraffa", "abolish-the-death-penalty"),
    "lead": t(
        "Rundt 60 mennesker satt på dødscelle i Zimbabwe. 31. desember 2024 ble dødsstraffen avskaffet.",
        "Rundt 60 menneske sat på dødscelle i Zimbabwe. 31. desember 2024 vart dødsstraffa avskaffa.",
        "About 60 people were on death row in Zimbabwe. On 31 December 2024 the death penalty was abolished.",
    ),
    "hero_alt": t(
        "Tegning: en åpen dør i en mur, med lys utenfor.",
        "Teikning: ei open dør i ein mur, med lys utanfor.",
        "Drawing: an open door in a wall, with light outside.",
    ),
}
ENDED = p(
    "Takk til alle som skrev under. Sammen med mange i Zimbabwe var dere med på å gjøre slutt på dødsstraffen.",
    "Takk til alle som skreiv under. Saman med mange i Zimbabwe var de med på å gjere slutt på dødsstraffa.",
    "Thank you to everyone who signed. Together with many in Zimbabwe you helped to end the death penalty.",
)
OUTCOME = p(
    "Parlamentet vedtok loven i desember 2024, og presidenten undertegnet den på årets siste dag. De dødsdømte skal få dommene sine vurdert på nytt. Loven lar dødsstraff kunne innføres igjen ved unntakstilstand; det arbeider mange nå for å få fjernet.",
    "Parlamentet vedtok lova i desember 2024, og presidenten skreiv under på henne den siste dagen i året. Dei dødsdømde skal få dommane sine vurderte på nytt. Lova opnar for at dødsstraff kan innførast att ved unntakstilstand; det arbeider mange no for å få fjerna.",
    "Parliament passed the law in December 2024, and the president signed it on the last day of the year. Those sentenced to death are to have their sentences reviewed. The law leaves room to bring the penalty back in a state of emergency; many now work to have that removed.",
)


def body(*, articles, story) -> list:
    return [
        (
            "section",
            {
                "heading": "",
                "text": p(
                    "Den siste henrettelsen i Zimbabwe fant sted i 2005. Likevel fortsatte domstolene å dømme mennesker til døden, og noen ventet i mange år. I februar 2024 sa regjeringen seg villig til å avskaffe straffen.",
                    "Den siste avrettinga i Zimbabwe fann stad i 2005. Likevel heldt domstolane fram med å døme menneske til døden, og nokre venta i mange år. I februar 2024 sa regjeringa seg viljug til å avskaffe straffa.",
                    "The last execution in Zimbabwe took place in 2005. Still the courts went on sentencing people to death, and some waited for many years. In February 2024 the government agreed to abolish the penalty.",
                ),
            },
        ),
        (
            "demands",
            {
                "heading": t(
                    "Vi ba parlamentet i Zimbabwe om å:",
                    "Vi bad parlamentet i Zimbabwe om å:",
                    "We asked the Parliament of Zimbabwe to:",
                ),
                "demands": [
                    t(
                        "avskaffe dødsstraffen for alle lovbrudd",
                        "avskaffe dødsstraffa for alle lovbrot",
                        "abolish the death penalty for all crimes",
                    ),
                    t("gjøre om alle dødsdommer", "gjere om alle dødsdommar", "commute all death sentences"),
                ],
            },
        ),
        (
            "related_page",
            {
                "page": story,
                "text": t(
                    "Fra regjeringens ja til presidentens underskrift.",
                    "Frå regjeringa sitt ja til underskrifta frå presidenten.",
                    "From the government’s yes to the president’s signature.",
                ),
            },
        ),
        (
            "rights",
            {
                "heading": t("Menneskerettigheter", "Menneskerettar", "Human rights"),
                "lead": t(
                    "Denne menneskerettigheten sto på spill:",
                    "Denne menneskeretten stod på spel:",
                    "This human right was at stake:",
                ),
                "groups": [
                    {"articles": [articles[3]], "text": ""},
                ],
            },
        ),
        ("country_facts", {"heading": "", "country": None}),
    ]
