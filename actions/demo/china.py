"""The ended action about the camps in Xinjiang."""

from .words import p, same, t, to_page

TITLE = t("Fengslet uten dom i Xinjiang", "Fengsla utan dom i Xinjiang", "Detained without trial in Xinjiang")
SLUG = same("xinjiang")
LEAD = t(
    "Opptil én million mennesker ble sperret inne i leirer i Kina uten lov og dom. Krev at leirene stenges.",
    "Opp til éin million menneske vart sperra inne i leirar i Kina utan lov og dom. Krev at leirane blir stengde.",
    "Up to one million people were locked up in camps in China without law or trial. Demand that the camps are closed.",
)
LEAD_WHEN_ENDED = t(
    "Opptil én million mennesker ble sperret inne i leirer i Kina uten lov og dom. Vi krevde at leirene ble stengt.",
    "Opp til éin million menneske vart sperra inne i leirar i Kina utan lov og dom. Vi kravde at leirane vart stengde.",
    "Up to one million people were locked up in camps in China without law or trial. We demanded that the camps be closed.",
)
HERO_ALT = t(
    "Tegning: et gjerde med vakttårn mot en lav sol bak fjell.",
    "Teikning: eit gjerde med vakttårn mot ei låg sol bak fjell.",
    "Drawing: a fence with a watchtower against a low sun behind mountains.",
)
CREDIT = t("Tegnet for siden", "Teikna for sida", "Drawn for this page")
ENDED = p(
    "Takk til alle som har engasjert seg! Vi fortsetter å presse på for at leirene blir stengt og at de som sitter der, kommer hjem.",
    "Takk til alle som har engasjert seg! Vi held fram med å presse på for at leirane blir stengde og at dei som sit der, kjem heim.",
    "Thank you to everyone who took part! We go on pressing for the camps to close and for those held there to come home.",
)
OUTCOME = p(
    'I august 2022 la FNs høykommissær for menneskerettigheter fram en <a href="https://www.ohchr.org/en/documents/country-reports/ohchr-assessment-human-rights-concerns-xinjiang-uyghur-autonomous-region">vurdering av Xinjiang</a>. Den slår fast at overgrepene kan være forbrytelser mot menneskeheten.',
    'I august 2022 la høgkommissæren for menneskerettar i FN fram ei <a href="https://www.ohchr.org/en/documents/country-reports/ohchr-assessment-human-rights-concerns-xinjiang-uyghur-autonomous-region">vurdering av Xinjiang</a>. Ho slår fast at overgrepa kan vere brotsverk mot menneskja.',
    'In August 2022 the UN High Commissioner for Human Rights published an <a href="https://www.ohchr.org/en/documents/country-reports/ohchr-assessment-human-rights-concerns-xinjiang-uyghur-autonomous-region">assessment of Xinjiang</a>. It finds that the abuses may amount to crimes against humanity.',
)


def support() -> list:
    return [
        (
            "donate",
            {
                "heading": t(
                    "Støtt arbeidet for å stenge leirene",
                    "Støtt arbeidet for å stengje leirane",
                    "Support the work to close the camps",
                ),
                "text": p(
                    "Aksjonen er over, men arbeidet er det ikke.",
                    "Aksjonen er over, men arbeidet er det ikkje.",
                    "The action is over; the work is not.",
                ),
                "label": t("Støtt arbeidet", "Støtt arbeidet", "Support the work"),
                "url": "",
            },
        )
    ]


def body(*, picture, poster, story, recipient, delivery, articles) -> list:
    return [
        (
            "section",
            {
                "heading": "",
                "text": p(
                    "Nordvest i Kina ligger Xinjiang. Fra 2017 ble folk fra etniske minoriteter hentet i hjemmene sine og sendt til det myndighetene kalte omskolering. Ingen var siktet. Ingen var dømt.",
                    "Nordvest i Kina ligg Xinjiang. Frå 2017 vart folk frå etniske minoritetar henta i heimane sine og sende til det styresmaktene kalla omskulering. Ingen var sikta. Ingen var dømde.",
                    "Xinjiang lies in the north-west of China. From 2017, people of ethnic minorities were taken from their homes and sent to what the authorities called re-education. Nobody was charged. Nobody was convicted.",
                )
                + p(
                    "De fleste er muslimer: uigurer først og fremst, men også kasakher og andre. Familiene fikk ofte ikke vite noe. <a {story}>Les om hva det vil si at noen forsvinner.</a>",
                    "Dei fleste er muslimar: uigurar først og fremst, men òg kasakhar og andre. Familiane fekk ofte ikkje vite noko. <a {story}>Les om kva det vil seie at nokon forsvinn.</a>",
                    "Most are Muslims: Uyghurs above all, but also Kazakhs and others. Their families were often told nothing. <a {story}>Read what it means when somebody disappears.</a>",
                    story=to_page(story),
                ),
            },
        ),
        (
            "image",
            {
                "image": {
                    "image": picture,
                    "alt_text": t(
                        "Tegning: en rekke like hus bak et høyt gjerde.",
                        "Teikning: ei rekkje like hus bak eit høgt gjerde.",
                        "Drawing: a row of identical houses behind a high fence.",
                    ),
                    "decorative": False,
                },
                "caption": t(
                    "Leirene ble bygd ut fra 2017. Satellittbilder viste murer, vakttårn og nye bygninger.",
                    "Leirane vart bygde ut frå 2017. Satellittbilete synte murar, vakttårn og nye bygningar.",
                    "The camps grew from 2017. Satellite pictures showed walls, watchtowers and new buildings.",
                ),
                "credit": CREDIT,
            },
        ),
        (
            "section",
            {
                "heading": t("Systematisk undertrykking", "Systematisk undertrykking", "Systematic repression"),
                "text": p(
                    "Uigurer har lenge hatt trange kår i sitt eget hjemland. Språket, troen og høytidene er blitt regulert bit for bit. Med kameraer, kontrollposter og apper følger politiet med på hvor folk går, hvem de snakker med og hva de leser.",
                    "Uigurar har lenge hatt tronge kår i sitt eige heimland. Språket, trua og høgtidene er blitt regulerte bit for bit. Med kamera, kontrollpostar og appar følgjer politiet med på kvar folk går, kven dei snakkar med og kva dei les.",
                    "Uyghurs have long had little room in their own homeland. Language, faith and feasts have been regulated piece by piece. With cameras, checkpoints and apps the police follow where people go, whom they talk to and what they read.",
                ),
            },
        ),
        (
            "section",
            {
                "heading": t("Lite skal til", "Lite skal til", "It takes little"),
                "text": p(
                    "Et skjegg som regnes som uvanlig, et skaut, studier i utlandet eller en telefonsamtale med slektninger i et annet land kan være nok til å bli mistenkt. Målet er lojalitet til staten, ikke lov og rett.",
                    "Eit skjegg som blir rekna som uvanleg, eit skaut, studiar i utlandet eller ein telefonsamtale med slektningar i eit anna land kan vere nok til å bli mistenkt. Målet er lojalitet til staten, ikkje lov og rett.",
                    "A beard that is held to be unusual, a headscarf, studies abroad or a telephone call with relatives in another country can be enough to be suspected. The aim is loyalty to the state, not law.",
                ),
            },
        ),
        (
            "section",
            {
                "heading": t("Mishandling og tortur", "Mishandling og tortur", "Ill-treatment and torture"),
                "text": p(
                    "Mennesker som er sluppet ut, forteller om slag, om å bli bundet i timevis og om å bli nektet søvn. Slektninger over hele verden vet fortsatt ikke om deres nærmeste lever.",
                    "Menneske som er sleppte ut, fortel om slag, om å bli bundne i timevis og om å bli nekta søvn. Slektningar over heile verda veit framleis ikkje om deira næraste lever.",
                    "People who were released tell of beatings, of being bound for hours and of being kept awake. Relatives all over the world still do not know whether those closest to them are alive.",
                ),
            },
        ),
        (
            "demands",
            {
                "heading": t(
                    "Vi krever at kinesiske myndigheter:",
                    "Vi krev at kinesiske styresmakter:",
                    "We demand that the Chinese authorities:",
                ),
                "demands": [
                    t(
                        "forteller hvor de forsvunne er, og lar dem komme hjem til familiene sine",
                        "fortel kvar dei forsvunne er, og lèt dei kome heim til familiane sine",
                        "tell where the disappeared are, and let them come home to their families",
                    ),
                    t(
                        "beskytter uigurer, kasakher og andre minoriteter mot vilkårlig fengsling",
                        "vernar uigurar, kasakhar og andre minoritetar mot vilkårleg fengsling",
                        "protect Uyghurs, Kazakhs and other minorities against arbitrary detention",
                    ),
                    t(
                        "slipper fri alle som holdes i leirene, og gir den som er siktet for et lovbrudd, en rettferdig og åpen rettssak",
                        "slepper fri alle som er haldne i leirane, og gjev den som er sikta for eit lovbrot, ei rettferdig og open rettssak",
                        "release everyone held in the camps, and give anyone charged with a crime a fair and open trial",
                    ),
                ],
            },
        ),
        (
            "delivery_update",
            {
                "heading": t("Signaturene er levert", "Signaturane er leverte", "The signatures are handed over"),
                "delivery": delivery,
                "text": p(
                    "Tusen takk til alle som har signert!",
                    "Tusen takk til alle som har signert!",
                    "A thousand thanks to everyone who signed!",
                ),
                "image": None,
                "caption": "",
            },
        ),
        (
            "background",
            {
                "heading": t("Bakgrunn", "Bakgrunn", "Background"),
                "facts": [
                    {
                        "text": p(
                            "Xinjiang ligger nordvest i Kina og hadde nær 26 millioner innbyggere i 2020.",
                            "Xinjiang ligg nordvest i Kina og hadde nær 26 millionar innbyggjarar i 2020.",
                            "Xinjiang lies in the north-west of China and had nearly 26 million inhabitants in 2020.",
                        ),
                        "source": t("Kinas folketelling 2020", "Folketeljinga i Kina 2020", "China’s census of 2020"),
                        "source_url": "",
                    },
                    {
                        "text": p(
                            "Rundt 11,6 millioner av dem er uigurer.",
                            "Rundt 11,6 millionar av dei er uigurar.",
                            "About 11.6 million of them are Uyghurs.",
                        ),
                        "source": "",
                        "source_url": "",
                    },
                    {
                        "text": p(
                            "FNs rasediskrimineringskomité omtalte i august 2018 anslag på opptil én million innesperrede.",
                            "Rasediskrimineringskomiteen i FN omtala i august 2018 overslag på opp til éin million innesperra.",
                            "In August 2018 the UN committee against racial discrimination spoke of estimates of up to one million held.",
                        ),
                        "source": t(
                            "FNs rasediskrimineringskomité",
                            "Rasediskrimineringskomiteen i FN",
                            "UN Committee on the Elimination of Racial Discrimination",
                        ),
                        "source_url": "https://www.ohchr.org/en/treaty-bodies/cerd",
                    },
                    {
                        "text": p(
                            "Aksjonen ble åpnet i september 2018. Den sluttet i april 2022.",
                            "Aksjonen vart opna i september 2018. Han slutta i april 2022.",
                            "The action opened in September 2018. It ended in April 2022.",
                        ),
                        "source": "",
                        "source_url": "",
                    },
                ],
            },
        ),
        (
            "video",
            {
                "title": t("Hva er menneskerettigheter?", "Kva er menneskerettar?", "What are human rights?"),
                "url": "https://www.youtube.com/watch?v=nDgIVseTkuE",
                "file": None,
                "poster": {"image": poster, "alt_text": "", "decorative": True},
                "caption": t(
                    "En kort, tegnet film om hvor menneskerettighetene kommer fra, på engelsk.",
                    "Ein kort, teikna film om kvar menneskerettane kjem frå, på engelsk.",
                    "A short drawn film about where human rights come from.",
                ),
                "credit": same("TED-Ed"),
                "transcript": "",
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
                        "articles": [articles[5]],
                        "text": p(
                            "Ethvert menneske har rett til å bli spart for tortur og annen grusom, umenneskelig eller nedverdigende behandling.",
                            "Kvart menneske har rett til å bli spart for tortur og anna grufull, umenneskeleg eller nedverdigande handsaming.",
                            "Every human being has the right to be spared torture and other cruel, inhuman or degrading treatment.",
                        ),
                    },
                    {
                        "articles": [articles[2], articles[9]],
                        "text": p(
                            "Enhver har rett til vern mot diskriminering og mot vilkårlig arrest og fengsling.",
                            "Alle har rett til vern mot diskriminering og mot vilkårleg arrest og fengsling.",
                            "Everyone has the right to protection against discrimination and against arbitrary arrest and detention.",
                        ),
                    },
                    {
                        "articles": [articles[18]],
                        "text": p(
                            "Og ethvert menneske har rett til sin egen tanke, samvittighet og tro.",
                            "Og kvart menneske har rett til sin eigen tanke, sitt eige samvit og si eiga tru.",
                            "And every human being has the right to a thought, a conscience and a faith of their own.",
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
                    "Brevet er på engelsk. Det ber myndighetene si hvor de forsvunne er, og slippe fri alle som holdes uten siktelse.",
                    "Brevet er på engelsk. Det bed styresmaktene seie kvar dei forsvunne er, og sleppe fri alle som blir haldne utan sikting.",
                    "The letter asks the authorities to say where the disappeared are, and to release everyone held without charge.",
                ),
                "recipient": recipient,
                "language": "en",
                "address_lines": "",
                "salutation": "",
                "closing": same("Yours sincerely,"),
                "text": same(
                    "I am writing because of the reports of grave human rights violations in the Xinjiang Uyghur Autonomous Region. Uyghurs, Kazakhs and members of other predominantly Muslim peoples have been held in large numbers, without charge and without trial, in facilities that are said to serve re-education.\n\n"
                    "Relatives abroad have lost all contact with those they love. People who have been released speak of ill-treatment and of being made to renounce their faith and their customs. Because so little is told, nobody can find out where a particular person is.\n\n"
                    "The authorities say that these measures are needed for security. Measures taken for security must be lawful, necessary and proportionate, and aimed at a definite threat. Holding whole communities meets none of these conditions.\n\n"
                    "I therefore ask you to tell the families where their relatives are, to end arbitrary detention, and to release at once everyone who is not charged with a recognised crime."
                ),
            },
        ),
    ]
