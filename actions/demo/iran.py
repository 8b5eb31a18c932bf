"""The open action against executions, and the scheduled one about the compulsory veil."""

from .words import p, same, t

EXECUTIONS = {
    "title": t("Stans henrettelsene i Iran", "Stans avrettingane i Iran", "Stop the executions in Iran"),
    "form_heading": t(
        "Krev at henrettelsene stanser", "Krev at avrettingane stansar", "Demand that the executions stop"
    ),
    "slug": t("stans-henrettelsene", "stans-avrettingane", "stop-the-executions"),
    "lead": t(
        "Minst 972 mennesker ble henrettet i Iran i 2024, mange etter urettferdige rettssaker. Be lederen for rettsvesenet stanse henrettelsene.",
        "Minst 972 menneske vart avretta i Iran i 2024, mange etter urettferdige rettssaker. Be leiaren for rettsvesenet stanse avrettingane.",
        "At least 972 people were executed in Iran in 2024, many after unfair trials. Ask the head of the judiciary to halt the executions.",
    ),
    "hero_alt": t(
        "Tegning: et vindu med gitter og en fugl som flyr ut i morgenlyset.",
        "Teikning: eit vindauge med gitter og ein fugl som flyg ut i morgonlyset.",
        "Drawing: a barred window and a bird flying out into the morning light.",
    ),
}


def executions(*, articles, recipient) -> list:
    return [
        (
            "section",
            {
                "heading": "",
                "text": p(
                    "Flere enn åtte av ti henrettelser som ble kjent i verden i 2024 utenom Kina, skjedde i Iran, Irak og Saudi-Arabia. Iran sto alene for nesten to av tre.",
                    "Fleire enn åtte av ti avrettingar som vart kjende i verda i 2024 utanom Kina, skjedde i Iran, Irak og Saudi-Arabia. Iran stod åleine for nesten to av tre.",
                    "More than eight in ten of the executions known in the world in 2024, China aside, took place in Iran, Iraq and Saudi Arabia. Iran alone carried out nearly two in three.",
                ),
            },
        ),
        (
            "section",
            {
                "heading": t("Døden som våpen", "Døden som våpen", "Death as a weapon"),
                "text": p(
                    "Etter protestene «Kvinne, liv, frihet» i 2022 har myndighetene brukt dødsstraff for å skremme. Folk er dømt til døden etter rettssaker som varte i minutter, med tilståelser som de sier ble tvunget fram.",
                    "Etter protestane «Kvinne, liv, fridom» i 2022 har styresmaktene brukt dødsstraff for å skræme. Folk er dømde til døden etter rettssaker som varte i minutt, med tilståingar som dei seier vart tvinga fram.",
                    "Since the “Woman, Life, Freedom” protests of 2022 the authorities have used the death penalty to frighten. People have been sentenced to death after trials of minutes, on confessions they say were forced from them.",
                )
                + p(
                    "Over halvparten av dem som ble henrettet i 2024, var dømt for narkotikalovbrudd. De fattige og de etniske minoritetene, særlig balutsjerne, rammes hardest.",
                    "Over halvparten av dei som vart avretta i 2024, var dømde for narkotikalovbrot. Dei fattige og dei etniske minoritetane, særleg balutsjarane, blir råka hardast.",
                    "More than half of those executed in 2024 had been convicted of drug offences. The poor and the ethnic minorities, the Baluchis above all, are hit hardest.",
                ),
            },
        ),
        (
            "callout",
            {
                "heading": t("Det nytter", "Det nyttar", "It works"),
                "text": p(
                    "Dødsdommer er blitt omgjort etter trykk fra folk i Iran og ute i verden. Hvert navn gjør det vanskeligere å henrette i stillhet.",
                    "Dødsdommar er blitt gjorde om etter press frå folk i Iran og ute i verda. Kvart namn gjer det vanskelegare å avrette i stille.",
                    "Death sentences have been overturned after pressure from people in Iran and abroad. Each name makes it harder to execute in silence.",
                ),
            },
        ),
        (
            "demands",
            {
                "heading": t(
                    "Vi ber lederen for rettsvesenet om at Iran:",
                    "Vi bed leiaren for rettsvesenet om at Iran:",
                    "We ask the head of the judiciary that Iran:",
                ),
                "demands": [
                    t(
                        "stanser alle henrettelser nå",
                        "stansar alle avrettingar no",
                        "stops all executions now",
                    ),
                    t(
                        "gjør om alle dødsdommer og gir den som er siktet, en rettferdig rettssak",
                        "gjer om alle dødsdommar og gjev den som er sikta, ei rettferdig rettssak",
                        "commutes all death sentences and gives anyone charged a fair trial",
                    ),
                    t(
                        "avskaffer dødsstraff for narkotikalovbrudd som et første skritt",
                        "avskaffar dødsstraff for narkotikalovbrot som eit første steg",
                        "abolishes the death penalty for drug offences as a first step",
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
                            "972 henrettelser i 2024 er det høyeste kjente tallet i Iran siden 2015.",
                            "972 avrettingar i 2024 er det høgaste kjende talet i Iran sidan 2015.",
                            "972 executions in 2024 is the highest number known in Iran since 2015.",
                        ),
                        "source": t(
                            "Amnesty International: Dødsdommer og henrettelser 2024",
                            "Amnesty International: Dødsdommar og avrettingar 2024",
                            "Amnesty International: Death Sentences and Executions 2024",
                        ),
                        "source_url": "https://www.amnesty.org/en/documents/act50/8976/2025/en/",
                    },
                    {
                        "text": p(
                            "113 land hadde avskaffet dødsstraff for alle lovbrudd ved utgangen av 2024.",
                            "113 land hadde avskaffa dødsstraff for alle lovbrot ved utgangen av 2024.",
                            "By the end of 2024, 113 countries had abolished the death penalty for all crimes.",
                        ),
                        "source": "",
                        "source_url": "",
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
                        "articles": [articles[3], articles[5]],
                        "text": p(
                            "Dødsstraff krenker retten til liv og forbudet mot grusom straff.",
                            "Dødsstraff krenkjer retten til liv og forbodet mot grufull straff.",
                            "The death penalty violates the right to life and the ban on cruel punishment.",
                        ),
                    },
                    {
                        "articles": [articles[10]],
                        "text": p(
                            "Den som er tiltalt, har rett til en åpen og rettferdig sak.",
                            "Den som er tiltalt, har rett til ei open og rettferdig sak.",
                            "Anyone who is accused has the right to an open and fair hearing.",
                        ),
                    },
                ],
            },
        ),
        ("country_facts", {"heading": "", "country": None}),
        (
            "letter",
            {
                "heading": t("Skriv selv", "Skriv sjølv", "Write yourself"),
                "summary": t(
                    "Brevet er på engelsk og ber om at alle henrettelser stanses.",
                    "Brevet er på engelsk og bed om at alle avrettingar blir stansa.",
                    "The letter asks for all executions to be stopped.",
                ),
                "recipient": recipient,
                "language": "en",
                "address_lines": "",
                "salutation": "",
                "closing": same("Respectfully,"),
                "text": same(
                    "I am deeply concerned about the number of executions in Iran. Many of those put to death were convicted after trials that fell short of international standards, some on confessions they said had been forced from them.\n\nI ask you to stop all executions at once, to commute the sentences of everyone on death row, and to take the first steps towards abolishing the death penalty."
                ),
            },
        ),
    ]


VEIL = {
    "title": t(
        "La kvinner i Iran velge selv",
        "Lat kvinner i Iran velje sjølve",
        "Let women in Iran choose for themselves",
    ),
    "form_heading": t(
        "Krev at kvinner får velge selv", "Krev at kvinner får velje sjølve", "Demand that women may choose"
    ),
    "slug": t("la-kvinner-velge", "lat-kvinner-velje", "let-women-choose"),
    "lead": t(
        "Kvinner i Iran blir stanset, bøtelagt og fengslet for hvordan de kler seg. Snart kan du kreve at påbudet om slør oppheves.",
        "Kvinner i Iran blir stansa, bøtelagde og fengsla for korleis dei kler seg. Snart kan du krevje at påbodet om slør blir oppheva.",
        "Women in Iran are stopped, fined and jailed for how they dress. Soon you can demand an end to the compulsory veil.",
    ),
    "hero_alt": t(
        "Tegning: tre skikkelser i vinden med løst hår mot en lys himmel.",
        "Teikning: tre skapnader i vinden med laust hår mot ein lys himmel.",
        "Drawing: three figures in the wind with loose hair against a light sky.",
    ),
}


def veil(*, articles) -> list:
    return [
        (
            "section",
            {
                "heading": "",
                "text": p(
                    "I september 2022 døde Jina Mahsa Amini, 22 år, etter at moralpolitiet hadde arrestert henne i Teheran. Hundretusener gikk ut i gatene. Svaret ble kuler, fengsel og nye regler.",
                    "I september 2022 døydde Jina Mahsa Amini, 22 år, etter at moralpolitiet hadde arrestert henne i Teheran. Hundretusenvis gjekk ut i gatene. Svaret vart kuler, fengsel og nye reglar.",
                    "In September 2022 Jina Mahsa Amini, aged 22, died after the morality police had arrested her in Tehran. Hundreds of thousands took to the streets. The answer was bullets, prison and new rules.",
                ),
            },
        ),
        (
            "quote",
            {
                "quote": t("Kvinne, liv, frihet", "Kvinne, liv, fridom", "Woman, Life, Freedom"),
                "who": t("Ropet i gatene", "Ropet i gatene", "The call in the streets"),
                "role": t("Iran, høsten 2022", "Iran, hausten 2022", "Iran, autumn 2022"),
            },
        ),
        (
            "demands",
            {
                "heading": t(
                    "Vi krever at iranske myndigheter:",
                    "Vi krev at iranske styresmakter:",
                    "We demand that the Iranian authorities:",
                ),
                "demands": [
                    t(
                        "opphever alle lover som påbyr slør",
                        "opphevar alle lover som påbyd slør",
                        "repeal all laws that make the veil compulsory",
                    ),
                    t(
                        "slipper fri alle som er fengslet for å ha trosset påbudet",
                        "slepper fri alle som er fengsla for å ha trassa påbodet",
                        "release everyone jailed for defying them",
                    ),
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
                    {"articles": [articles[2], articles[18], articles[19]], "text": ""},
                ],
            },
        ),
        ("country_facts", {"heading": "", "country": None}),
    ]
