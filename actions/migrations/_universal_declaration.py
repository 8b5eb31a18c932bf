"""The 30 articles of the Universal Declaration of Human Rights, in our own words.

Each: number, then title and summary in nb, nn and en.
"""

OFFICIAL_TEXT = {
    "nb": "https://www.ohchr.org/en/human-rights/universal-declaration/translations/norwegian-bokmal",
    "nn": "https://www.ohchr.org/en/human-rights/universal-declaration/translations/norwegian-nynorsk",
    "en": "https://www.un.org/en/about-us/universal-declaration-of-human-rights",
}

LANGUAGES = ("nb", "nn", "en")

ARTICLES = [
    (
        1,
        (
            "Frie og like",
            "Alle mennesker er født frie og er like mye verdt. Vi skal møte hverandre som søsken.",
        ),
        (
            "Frie og like",
            "Alle menneske er fødde frie og er like mykje verde. Vi skal møte kvarandre som sysken.",
        ),
        (
            "Free and equal",
            "Everyone is born free and has the same worth. We should meet each other as family.",
        ),
    ),
    (
        2,
        (
            "Ingen diskriminering",
            "Rettighetene gjelder alle, uansett hudfarge, kjønn, språk, tro, mening, opphav eller hvor vi kommer fra.",
        ),
        (
            "Inga diskriminering",
            "Rettane gjeld alle, same kva hudfarge, kjønn, språk, tru, meining, opphav eller heimland vi har.",
        ),
        (
            "No discrimination",
            "The rights belong to everyone, whatever our colour, sex, language, belief, opinion, origin or country.",
        ),
    ),
    (
        3,
        ("Liv, frihet og trygghet", "Alle har rett til å leve, til å være fri og til å være trygg."),
        ("Liv, fridom og tryggleik", "Alle har rett til å leve, til å vere fri og til å vere trygg."),
        ("Life, liberty and security", "Everyone has the right to live, to be free and to be safe."),
    ),
    (
        4,
        ("Forbud mot slaveri", "Ingen kan eie et annet menneske. Slaveri og slavehandel er forbudt i alle former."),
        (
            "Forbod mot slaveri",
            "Ingen kan eige eit anna menneske. Slaveri og slavehandel er forbode i alle former.",
        ),
        (
            "No slavery",
            "Nobody can own another human being. Slavery and the slave trade are forbidden in every form.",
        ),
    ),
    (
        5,
        (
            "Forbud mot tortur",
            "Ingen skal tortureres eller utsettes for grusom, umenneskelig eller nedverdigende behandling eller straff.",
        ),
        (
            "Forbod mot tortur",
            "Ingen skal torturerast eller utsetjast for grufull, umenneskeleg eller nedverdigande handsaming eller straff.",
        ),
        ("No torture", "Nobody may be tortured or treated or punished in a cruel, inhuman or degrading way."),
    ),
    (
        6,
        ("Vern av loven", "Loven skal se hver og en av oss som et menneske med rettigheter, hvor vi enn er."),
        ("Vern av lova", "Lova skal sjå kvar og ein av oss som eit menneske med rettar, kvar vi enn er."),
        ("A person before the law", "The law must see each of us as a person with rights, wherever we are."),
    ),
    (
        7,
        ("Likhet for loven", "Loven er lik for alle og skal beskytte alle like godt mot diskriminering."),
        ("Likskap for lova", "Lova er lik for alle og skal verne alle like godt mot diskriminering."),
        (
            "Equal before the law",
            "The law is the same for everyone and must protect everyone equally against discrimination.",
        ),
    ),
    (
        8,
        ("Hjelp fra domstolene", "Den som får rettighetene sine brutt, skal kunne få hjelp av en domstol."),
        ("Hjelp frå domstolane", "Den som får rettane sine brotne, skal kunne få hjelp av ein domstol."),
        ("Help from the courts", "Anyone whose rights are violated must be able to get help from a court."),
    ),
    (
        9,
        (
            "Forbud mot vilkårlig fengsling",
            "Ingen skal arresteres, fengsles eller sendes i eksil uten god grunn i loven.",
        ),
        (
            "Forbod mot vilkårleg fengsling",
            "Ingen skal arresterast, fengslast eller sendast i eksil utan god grunn i lova.",
        ),
        (
            "No arbitrary detention",
            "Nobody may be arrested, imprisoned or exiled without a good reason in law.",
        ),
    ),
    (
        10,
        (
            "Rettferdig rettergang",
            "Den som blir anklaget, har rett til en åpen og rettferdig sak for en uavhengig domstol.",
        ),
        (
            "Rettferdig rettargang",
            "Den som blir skulda for noko, har rett til ei open og rettferdig sak for ein uavhengig domstol.",
        ),
        (
            "A fair trial",
            "Anyone who is accused has the right to an open and fair hearing before an independent court.",
        ),
    ),
    (
        11,
        (
            "Uskyldig til det motsatte er bevist",
            "Den som er anklaget, er uskyldig til skylden er bevist. Ingen kan straffes for noe som var lovlig da det ble gjort.",
        ),
        (
            "Uskuldig til det motsette er prova",
            "Den som er skulda, er uskuldig til skulda er prova. Ingen kan straffast for noko som var lovleg då det vart gjort.",
        ),
        (
            "Innocent until proven guilty",
            "The accused is innocent until guilt is proved. Nobody can be punished for what was lawful when it was done.",
        ),
    ),
    (
        12,
        (
            "Privatliv",
            "Ingen skal blande seg inn i privatlivet, familien, hjemmet eller brevene våre uten grunn, eller angripe vårt gode navn.",
        ),
        (
            "Privatliv",
            "Ingen skal blande seg inn i privatlivet, familien, heimen eller breva våre utan grunn, eller gå laus på det gode namnet vårt.",
        ),
        (
            "Privacy",
            "Nobody may interfere with our private life, family, home or letters without cause, or attack our good name.",
        ),
    ),
    (
        13,
        (
            "Bevegelsesfrihet",
            "Vi kan bevege oss og bo hvor vi vil i landet vårt, reise ut av et land og komme hjem igjen.",
        ),
        (
            "Rørslefridom",
            "Vi kan flytte oss og bu der vi vil i landet vårt, reise ut av eit land og kome heim att.",
        ),
        (
            "Freedom of movement",
            "We may move about and live where we like in our country, leave any country and come home again.",
        ),
    ),
    (
        14,
        ("Asyl", "Den som blir forfulgt, har rett til å søke og få vern i et annet land."),
        ("Asyl", "Den som blir forfølgd, har rett til å søkje og få vern i eit anna land."),
        ("Asylum", "Anyone who is persecuted has the right to seek and enjoy protection in another country."),
    ),
    (
        15,
        (
            "Statsborgerskap",
            "Alle har rett til å høre til i et land. Ingen skal miste statsborgerskapet uten grunn.",
        ),
        (
            "Statsborgarskap",
            "Alle har rett til å høyre til i eit land. Ingen skal miste statsborgarskapen utan grunn.",
        ),
        (
            "Nationality",
            "Everyone has the right to belong to a country. Nobody may lose a nationality without cause.",
        ),
    ),
    (
        16,
        (
            "Ekteskap og familie",
            "Voksne har rett til å gifte seg og stifte familie, med like rettigheter, og bare når begge vil.",
        ),
        (
            "Ekteskap og familie",
            "Vaksne har rett til å gifte seg og skipe familie, med like rettar, og berre når begge vil.",
        ),
        (
            "Marriage and family",
            "Adults have the right to marry and found a family, with equal rights, and only when both want to.",
        ),
    ),
    (
        17,
        (
            "Eiendom",
            "Alle har rett til å eie noe, alene eller sammen med andre. Ingen skal fratas det uten grunn.",
        ),
        (
            "Eigedom",
            "Alle har rett til å eige noko, åleine eller saman med andre. Ingen skal miste det utan grunn.",
        ),
        (
            "Property",
            "Everyone has the right to own things, alone or together. Nobody may be robbed of them without cause.",
        ),
    ),
    (
        18,
        (
            "Tanke-, samvittighets- og religionsfrihet",
            "Vi bestemmer selv hva vi tenker og tror, vi kan skifte tro, og vi kan leve etter den alene eller sammen med andre.",
        ),
        (
            "Tanke-, samvits- og religionsfridom",
            "Vi avgjer sjølve kva vi tenkjer og trur, vi kan skifte tru, og vi kan leve etter ho åleine eller saman med andre.",
        ),
        (
            "Freedom of thought, conscience and religion",
            "We decide for ourselves what we think and believe, may change belief, and may practise it alone or with others.",
        ),
    ),
    (
        19,
        (
            "Ytringsfrihet",
            "Alle har rett til å mene og si det de vil, og til å søke og dele informasjon over alle grenser.",
        ),
        (
            "Ytringsfridom",
            "Alle har rett til å meine og seie det dei vil, og til å søkje og dele informasjon over alle grenser.",
        ),
        (
            "Freedom of expression",
            "Everyone may hold and voice opinions, and seek and share information across all borders.",
        ),
    ),
    (
        20,
        (
            "Forsamlings- og organisasjonsfrihet",
            "Vi kan møtes fredelig og danne foreninger. Ingen kan tvinges til å være med.",
        ),
        (
            "Forsamlings- og organisasjonsfridom",
            "Vi kan møtast fredeleg og skipe lag. Ingen kan tvingast til å vere med.",
        ),
        (
            "Freedom of assembly and association",
            "We may meet in peace and form associations. Nobody can be forced to join one.",
        ),
    ),
    (
        21,
        (
            "Demokrati",
            "Alle kan ta del i styret av landet sitt, og makten skal bygge på frie, ekte og hemmelige valg.",
        ),
        (
            "Demokrati",
            "Alle kan ta del i styret av landet sitt, og makta skal byggje på frie, ekte og løynlege val.",
        ),
        (
            "Democracy",
            "Everyone may take part in governing their country, and power must rest on free, genuine and secret elections.",
        ),
    ),
    (
        22,
        (
            "Sosial trygghet",
            "Samfunnet skal sikre hver og en det som trengs for et verdig liv, så langt landets ressurser rekker.",
        ),
        (
            "Sosial tryggleik",
            "Samfunnet skal sikre kvar og ein det som trengst for eit verdig liv, så langt landet har evne til.",
        ),
        (
            "Social security",
            "Society must secure for each of us what a life in dignity needs, as far as the country's means allow.",
        ),
    ),
    (
        23,
        (
            "Arbeid og fagforeninger",
            "Alle har rett til arbeid, til lik lønn for likt arbeid og til å danne fagforeninger.",
        ),
        (
            "Arbeid og fagforeiningar",
            "Alle har rett til arbeid, til lik løn for likt arbeid og til å skipe fagforeiningar.",
        ),
        (
            "Work and trade unions",
            "Everyone has the right to work, to equal pay for equal work, and to form trade unions.",
        ),
    ),
    (
        24,
        ("Hvile og fritid", "Alle har rett til hvile, rimelig arbeidstid og ferie med lønn."),
        ("Kvile og fritid", "Alle har rett til kvile, rimeleg arbeidstid og ferie med løn."),
        ("Rest and leisure", "Everyone has the right to rest, to reasonable hours and to paid holidays."),
    ),
    (
        25,
        (
            "En tilstrekkelig levestandard",
            "Alle har rett til mat, klær, bolig, legehjelp og trygghet når livet går imot. Mødre og barn skal ha særlig omsorg.",
        ),
        (
            "Ein god nok levestandard",
            "Alle har rett til mat, klede, bustad, legehjelp og tryggleik når livet går imot. Mødrer og barn skal ha særleg omsorg.",
        ),
        (
            "An adequate standard of living",
            "Everyone has the right to food, clothing, housing, health care and support in hard times. Mothers and children get special care.",
        ),
    ),
    (
        26,
        (
            "Utdanning",
            "Alle har rett til å gå på skole. Grunnskolen skal være gratis og for alle, og lære oss respekt for hverandre.",
        ),
        (
            "Utdanning",
            "Alle har rett til å gå på skule. Grunnskulen skal vere gratis og for alle, og lære oss vyrdnad for kvarandre.",
        ),
        (
            "Education",
            "Everyone has the right to go to school. Basic schooling is free and for all, and teaches respect for each other.",
        ),
    ),
    (
        27,
        (
            "Kultur og vitenskap",
            "Alle kan ta del i kulturlivet og nyte godt av vitenskapen, og den som skaper noe, skal få vern for det.",
        ),
        (
            "Kultur og vitskap",
            "Alle kan ta del i kulturlivet og nyte godt av vitskapen, og den som skaper noko, skal få vern for det.",
        ),
        (
            "Culture and science",
            "Everyone may share in culture and benefit from science, and those who create are protected.",
        ),
    ),
    (
        28,
        (
            "En verden der rettighetene gjelder",
            "Alle har krav på et samfunn og en verdensorden der disse rettighetene kan bli virkelige.",
        ),
        (
            "Ei verd der rettane gjeld",
            "Alle har krav på eit samfunn og ein verdsorden der desse rettane kan bli verkelege.",
        ),
        (
            "A world where rights hold",
            "Everyone is entitled to a society and an international order in which these rights can become real.",
        ),
    ),
    (
        29,
        (
            "Plikter og grenser",
            "Vi har plikter overfor hverandre. Rettighetene kan bare begrenses ved lov, for å verne andres rettigheter og samfunnet.",
        ),
        (
            "Plikter og grenser",
            "Vi har plikter overfor kvarandre. Rettane kan berre avgrensast ved lov, for å verne rettane til andre og samfunnet.",
        ),
        (
            "Duties and limits",
            "We have duties towards each other. Rights can be limited only by law, to protect the rights of others and society.",
        ),
    ),
    (
        30,
        (
            "Ingen kan ta rettighetene fra oss",
            "Ingen stat, gruppe eller person kan bruke erklæringen til å ødelegge rettighetene i den.",
        ),
        (
            "Ingen kan ta rettane frå oss",
            "Ingen stat, gruppe eller person kan bruke erklæringa til å øydeleggje rettane i ho.",
        ),
        (
            "Nobody can take the rights away",
            "No state, group or person may use the declaration to destroy the rights in it.",
        ),
    ),
]
