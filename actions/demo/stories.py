"""Stories and standing pages."""

from .words import p, t

STORIES = {
    "disappeared": {
        "title": t("Når noen bare forsvinner", "Når nokon berre forsvinn", "When somebody just disappears"),
        "slug": t("nar-noen-forsvinner", "nar-nokon-forsvinn", "when-somebody-disappears"),
        "lead": t(
            "En tom stol, en telefon som ikke svarer, en myndighet som ikke vet. Hva det vil si å lete.",
            "Ein tom stol, ein telefon som ikkje svarar, ei styresmakt som ikkje veit. Kva det vil seie å leite.",
            "An empty chair, a telephone that is not answered, an authority that does not know. What it means to search.",
        ),
        "hero_alt": t(
            "Tegning: en tom stol ved et vindu.",
            "Teikning: ein tom stol ved eit vindauge.",
            "Drawing: an empty chair by a window.",
        ),
        "country": "china",
        "body": lambda: [
            (
                "section",
                {
                    "heading": "",
                    "text": p(
                        "Loven har et eget ord for det: tvungen forsvinning. Noen blir tatt av staten, og staten nekter å si hvor. Den som er borte, er uten vern. De som er igjen, kan verken sørge eller håpe helt.",
                        "Lova har eit eige ord for det: tvungen forsvinning. Nokon blir teken av staten, og staten nektar å seie kvar. Den som er borte, er utan vern. Dei som er att, kan korkje sørgje eller vone heilt.",
                        "The law has a term for it: enforced disappearance. Somebody is taken by the state, and the state refuses to say where. Those who are gone have no protection. Those who remain can neither mourn nor wholly hope.",
                    )
                    + p(
                        "FNs konvensjon om tvungen forsvinning forbyr det uten unntak, også i krig. Norge sluttet seg til i 2019.",
                        "FN-konvensjonen om tvungen forsvinning forbyd det utan unntak, òg i krig. Noreg slutta seg til i 2019.",
                        "The UN convention against enforced disappearance forbids it without exception, even in war. Norway joined it in 2019.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Det første spørsmålet", "Det første spørsmålet", "The first question"),
                    "text": p(
                        "Derfor begynner mange aksjoner med et enkelt krav: Si hvor de er. Et svar kan redde liv, for den som verden spør etter, er vanskeligere å skade.",
                        "Difor byrjar mange aksjonar med eit enkelt krav: Sei kvar dei er. Eit svar kan berge liv, for den som verda spør etter, er vanskelegare å skade.",
                        "This is why many actions begin with a simple demand: say where they are. An answer can save a life, for somebody whom the world asks about is harder to hurt.",
                    ),
                },
            ),
        ],
    },
    "signature": {
        "title": t("Hva gjør en underskrift?", "Kva gjer ei underskrift?", "What does a signature do?"),
        "slug": t("hva-gjor-en-underskrift", "kva-gjer-ei-underskrift", "what-does-a-signature-do"),
        "lead": t(
            "Ett navn stanser sjelden noen. Mange navn, levert til rett person på rett dag, gjør det vanskeligere å late som ingenting.",
            "Eitt namn stansar sjeldan nokon. Mange namn, leverte til rett person på rett dag, gjer det vanskelegare å late som ingenting.",
            "One name seldom stops anybody. Many names, handed to the right person on the right day, make it harder to pretend that nothing is happening.",
        ),
        "hero_alt": t(
            "Tegning: mange penner på rad.", "Teikning: mange pennar på rad.", "Drawing: many pens in a row."
        ),
        "country": None,
        "body": lambda: [
            (
                "section",
                {
                    "heading": t("Den sier at noen ser", "Ho seier at nokon ser", "It says that somebody is watching"),
                    "text": p(
                        "Overgrep trives i stillhet. Når tusener spør etter det samme mennesket, vet de ansvarlige at det blir lagt merke til hva som skjer med det.",
                        "Overgrep trivst i stille. Når tusenvis spør etter det same mennesket, veit dei ansvarlege at det blir lagt merke til kva som skjer med det.",
                        "Abuse thrives in silence. When thousands ask about the same human being, those responsible know that what happens is being noticed.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Den når fram", "Ho når fram", "It arrives"),
                    "text": p(
                        "Når aksjonen slutter, teller vi signaturene og leverer dem. På siden står det hvor mange det var, hvem som fikk dem og når.",
                        "Når aksjonen sluttar, tel vi signaturane og leverer dei. På sida står det kor mange det var, kven som fekk dei og når.",
                        "When an action ends we count the signatures and hand them over. The page says how many there were, who received them and when.",
                    ),
                },
            ),
            (
                "callout",
                {
                    "heading": t("Navnet ditt er trygt", "Namnet ditt er trygt", "Your name is safe"),
                    "text": p(
                        "Det du skriver, blir låst med det samme. Nettsiden som tar imot, kan ikke lese det igjen.",
                        "Det du skriv, blir låst med det same. Nettsida som tek imot, kan ikkje lese det att.",
                        "What you write is locked at once. The website that takes it cannot read it again.",
                    ),
                },
            ),
        ],
    },
    "abolition": {
        "title": t(
            "Slik ble dødsstraffen avskaffet i Zimbabwe",
            "Slik vart dødsstraffa avskaffa i Zimbabwe",
            "How Zimbabwe abolished the death penalty",
        ),
        "slug": t(
            "slik-ble-dodsstraffen-avskaffet",
            "slik-vart-dodsstraffa-avskaffa",
            "how-zimbabwe-abolished-the-death-penalty",
        ),
        "lead": t(
            "Fra en regjering som sa ja i februar til en underskrift på nyttårsaften.",
            "Frå ei regjering som sa ja i februar til ei underskrift på nyttårsaftan.",
            "From a government that said yes in February to a signature on New Year’s Eve.",
        ),
        "hero_alt": t(
            "Tegning: en åpen dør i en mur, med lys utenfor.",
            "Teikning: ei open dør i ein mur, med lys utanfor.",
            "Drawing: an open door in a wall, with light outside.",
        ),
        "country": "zimbabwe",
        "body": lambda: [
            (
                "section",
                {
                    "heading": "",
                    "text": p(
                        "Dødsstraffen kom til landet med kolonimakten. Etter selvstendigheten i 1980 ble den stående i lovboken, men den ble brukt stadig sjeldnere, sist i 2005.",
                        "Dødsstraffa kom til landet med kolonimakta. Etter sjølvstendet i 1980 vart ho ståande i lovboka, men ho vart brukt stadig sjeldnare, sist i 2005.",
                        "The death penalty came to the country with the colonial power. After independence in 1980 it stayed on the books, but was used ever more rarely, last in 2005.",
                    )
                    + p(
                        "I 2024 behandlet parlamentet en lov om å fjerne den. Kirker, jurister og tidligere fanger vitnet. Da loven ble undertegnet 31. desember, var rundt 60 mennesker ikke lenger dødsdømte.",
                        "I 2024 handsama parlamentet ei lov om å fjerne ho. Kyrkjer, juristar og tidlegare fangar vitna. Då lova vart underskriven 31. desember, var rundt 60 menneske ikkje lenger dødsdømde.",
                        "In 2024 parliament took up a law to remove it. Churches, lawyers and former prisoners testified. When the law was signed on 31 December, about 60 people were no longer under sentence of death.",
                    ),
                },
            ),
        ],
    },
}

STANDING = {
    "about": {
        "title": t("Om oss", "Om oss", "About us"),
        "slug": t("om-oss", "om-oss", "about-us"),
        "purpose": "standing",
        "lead": t(
            "Vi lager aksjoner for mennesker som får rettighetene sine brutt.",
            "Vi lagar aksjonar for menneske som får rettane sine brotne.",
            "We run actions for people whose rights are violated.",
        ),
        "body": lambda: [
            (
                "section",
                {
                    "heading": t("Slik arbeider vi", "Slik arbeider vi", "How we work"),
                    "text": p(
                        "Vi forteller hva som skjer, hvem som kan endre det, og hva vi krever. Du kan skrive under til aksjonen slutter. Så leverer vi signaturene og forteller hvordan det gikk.",
                        "Vi fortel kva som skjer, kven som kan endre det, og kva vi krev. Du kan skrive under til aksjonen sluttar. Så leverer vi signaturane og fortel korleis det gjekk.",
                        "We tell what is happening, who can change it, and what we demand. You can sign until the action ends. Then we hand the signatures over and tell how it went.",
                    )
                    + p(
                        "Denne siden er et eksempel. Organisasjonen finnes ikke, men sakene gjør det.",
                        "Denne sida er eit døme. Organisasjonen finst ikkje, men sakene gjer det.",
                        "This site is an example. The organisation does not exist, but the cases do.",
                    ),
                },
            )
        ],
    },
    "contact": {
        "title": t("Kontakt", "Kontakt", "Contact"),
        "slug": t("kontakt", "kontakt", "contact"),
        "purpose": "standing",
        "lead": t(
            "Vi svarer på e-post alle hverdager.",
            "Vi svarer på e-post alle kvardagar.",
            "We answer email every working day.",
        ),
        "body": lambda: [
            (
                "section",
                {
                    "heading": t("Skriv til oss", "Skriv til oss", "Write to us"),
                    "text": p(
                        "Om aksjonene: aksjon@example.org",
                        "Om aksjonane: aksjon@example.org",
                        "About the actions: aksjon@example.org",
                    )
                    + p("Presse: presse@example.org", "Presse: presse@example.org", "Press: presse@example.org")
                    + p(
                        "Rettighetsforeningen, Postboks 1, 0001 Oslo. Organisasjonsnummer 000 000 000.",
                        "Rettsforeininga, Postboks 1, 0001 Oslo. Organisasjonsnummer 000 000 000.",
                        "The Rights Association, Postboks 1, 0001 Oslo, Norway. Company number 000 000 000.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Signaturen din", "Signaturen din", "Your signature"),
                    "text": p(
                        "Vil du se, rette, trekke eller slette en signatur, går det fortest på siden «Min signatur». Du kan også skrive til personvern@example.org.",
                        "Vil du sjå, rette, trekkje eller slette ein signatur, går det fortast på sida «Min signatur». Du kan òg skrive til personvern@example.org.",
                        "To see, correct, withdraw or erase a signature, the page “My signature” is the fastest way. You can also write to personvern@example.org.",
                    ),
                },
            ),
        ],
    },
    "privacy": {
        "title": t("Personvern", "Personvern", "Privacy"),
        "slug": t("personvern", "personvern", "privacy"),
        "purpose": "privacy",
        "lead": t(
            "En liste over mennesker som har skrevet under mot en stat, er farlig i gale hender. Derfor låser vi den.",
            "Ei liste over menneske som har skrive under mot ein stat, er farleg i gale hender. Difor låser vi ho.",
            "A list of people who signed against a state is dangerous in the wrong hands. That is why we lock it.",
        ),
        "body": lambda: [
            (
                "section",
                {
                    "heading": t("Hva vi lagrer", "Kva vi lagrar", "What we store"),
                    "text": p(
                        "Når du skriver under, blir navn, e-postadresse og det du ellers fyller ut, kryptert med det samme. Den delen av nettsiden som tar imot, har ikke nøkkelen og kan ikke lese det. Vi lagrer også når du skrev under, på hvilket språk, og landet ditt hvis aksjonen spør om det.",
                        "Når du skriv under, blir namn, e-postadresse og det du elles fyller ut, kryptert med det same. Den delen av nettsida som tek imot, har ikkje nøkkelen og kan ikkje lese det. Vi lagrar òg når du skreiv under, på kva språk, og landet ditt om aksjonen spør om det.",
                        "When you sign, your name, email address and whatever else you fill in are encrypted at once. The part of the site that takes them does not have the key and cannot read them. We also store when you signed, in which language, and your country if the action asks for it.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Hva vi ikke lagrer", "Kva vi ikkje lagrar", "What we do not store"),
                    "text": p(
                        "Vi lagrer ikke IP-adressen din, hvilken nettleser du bruker eller hvor du kom fra. Siden setter ingen informasjonskapsler og henter ingenting fra andre nettsteder før du selv klikker.",
                        "Vi lagrar ikkje IP-adressa di, kva nettlesar du bruker eller kvar du kom frå. Sida set ingen informasjonskapslar og hentar ingenting frå andre nettstader før du sjølv klikkar.",
                        "We do not store your IP address, which browser you use or where you came from. The site sets no cookies and fetches nothing from other sites before you click.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Rettighetene dine", "Rettane dine", "Your rights"),
                    "text": p(
                        "Du kan når som helst se, rette, trekke eller slette signaturen din. Be om en lenke på «Min signatur»: den kommer på e-post til adressen du skrev under med. Du kan også skrive til personvern@example.org fra den adressen. Aksjoner som det er farlig å skrive under på, sender ingen lenke; skriv til oss om dem.",
                        "Du kan når som helst sjå, rette, trekkje eller slette signaturen din. Be om ei lenkje på «Min signatur»: ho kjem på e-post til adressa du skreiv under med. Du kan òg skrive til personvern@example.org frå den adressa. Aksjonar som det er farleg å skrive under på, sender inga lenkje; skriv til oss om dei.",
                        "You can see, correct, withdraw or erase your signature at any time. Ask for a link on “My signature”: it is mailed to the address you signed with. You can also write to personvern@example.org from that address. Actions that are dangerous to sign send no link; write to us about those.",
                    ),
                },
            ),
        ],
    },
    "accessibility": {
        "title": t("Tilgjengelighet", "Tilgjenge", "Accessibility"),
        "slug": t("tilgjengelighet", "tilgjenge", "accessibility"),
        "purpose": "accessibility",
        "lead": t(
            "Alle skal kunne lese og skrive under.",
            "Alle skal kunne lese og skrive under.",
            "Everyone should be able to read and sign.",
        ),
        "body": lambda: [
            (
                "section",
                {
                    "heading": t("Slik er siden laget", "Slik er sida laga", "How the site is made"),
                    "text": p(
                        "Siden skal følge WCAG 2.2 på nivå AA. Den virker med tastatur, uten JavaScript, med 400 prosent forstørring, med lys og mørk bakgrunn og med høy kontrast. Du trenger ikke mus, ikke konto og ingen bildegåte (CAPTCHA) for å skrive under.",
                        "Sida skal følgje WCAG 2.2 på nivå AA. Ho verkar med tastatur, utan JavaScript, med 400 prosent forstørring, med lys og mørk bakgrunn og med høg kontrast. Du treng ikkje mus, ikkje konto og inga biletgåte (CAPTCHA) for å skrive under.",
                        "The site is meant to follow WCAG 2.2 at level AA. It works with a keyboard, without JavaScript, at 400 per cent zoom, on a light and a dark background and in high contrast. You need no mouse, no account and no picture puzzle (CAPTCHA) to sign.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Hva vi har prøvd", "Kva vi har prøvd", "What we have tested"),
                    "text": p(
                        "Hver versjon prøves automatisk med verktøyet axe, på hver type side, i lys og mørk drakt og på flere skjermbredder. Hele veien til en signatur prøves med bare tastatur, med og uten JavaScript, på alle tre språk. Størrelsen på knapper og rommet mellom bokstaver prøves også.",
                        "Kvar versjon blir prøvd automatisk med verktøyet axe, på kvar type side, i lys og mørk drakt og på fleire skjermbreidder. Heile vegen til ein signatur blir prøvd med berre tastatur, med og utan JavaScript, på alle tre språk. Storleiken på knappar og rommet mellom bokstavar blir òg prøvd.",
                        "Each version is tested automatically with axe, on every kind of page, in light and dark and at several widths. The whole way to a signature is tested with a keyboard alone, with and without JavaScript, in all three languages. The size of buttons and the room between letters are tested too.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Det vi vet om", "Det vi veit om", "What we know of"),
                    "text": p(
                        "Ingen som bruker skjermleser til daglig, har prøvd denne versjonen ennå. Filmer vises hos andre, og vi rår ikke over avspilleren deres; vi ber om teksting og skriver ut det som blir sagt. Brevet som PDF er merket for skjermlesere, men mangler i noen skriftsystemer; da kan du skrive ut siden i stedet.",
                        "Ingen som bruker skjermlesar til dagleg, har prøvd denne versjonen enno. Filmar blir viste hos andre, og vi rår ikkje over avspelaren deira; vi ber om teksting og skriv ut det som blir sagt. Brevet som PDF er merkt for skjermlesarar, men manglar i nokre skriftsystem; då kan du skrive ut sida i staden.",
                        "Nobody who uses a screen reader every day has tried this version yet. Films are shown by others, and their player is not ours; we ask for captions and write down what is said. The letter as PDF is tagged for screen readers, but is missing in some scripts; you can print the page instead.",
                    ),
                },
            ),
            (
                "section",
                {
                    "heading": t("Si fra", "Sei frå", "Tell us"),
                    "text": p(
                        "Automatiske prøver finner ikke alt. Skriv til personvern@example.org hvis noe ikke virker for deg, så svarer vi innen en uke. Du kan også klage til Tilsynet for universell utforming av ikt.",
                        "Automatiske prøver finn ikkje alt. Skriv til personvern@example.org om noko ikkje verkar for deg, så svarer vi innan ei veke. Du kan òg klage til Tilsynet for universell utforming av ikt.",
                        "Automatic tests do not find everything. Write to personvern@example.org if something does not work for you, and we answer within a week. You can also complain to the Norwegian supervisory authority for universal design of ICT.",
                    ),
                },
            ),
        ],
    },
}
