"""Words and endings that redaction goes by, as lists a reader can argue with.

Spelled as `redaction_names.fold` spells them where they are compared with names: Latin lower case,
y and j as i.
"""

# How a name ends in a sentence, and how it ends in the records: Polish cases, Bulgarian vocatives
# and families, German genitives, Filipino linkers. Only ever compared with names of the thread.
ENDINGS = tuple(
    (said, known)
    for line in """
    a > . o i e ; i > a o ia . e ; e > a . ia o ; u > . a ia o ; o > a . ; ia > . ie i ; io > ia
    iu > ia i
    owi > . a o i ; ovi > . a ov ova ; em > . o e ; iem > . ie ; om > a ; ie > . a o ; iei > a ia
    ego > i e . ; emu > i e . ; im > i . ; iego > i ie . ; iemu > i ie . ; ei > a ia ; ich > i .
    imi > i
    scie > ska st sta ; cie > t ta ; dzie > d da ; zie > d da z za ; ze > r ra z za
    le > l la el il ol
    ce > ka ko ; dze > ga go ; sze > cha ch ; rze > r ra ; sci > ska ski ; sci > st ; scii > sc
    ka > ek ko ok ; kowi > ek ok ; kiem > ek ok k ko ; ku > ek ok ; ki > ek ok ka
    la > el il ol ; lowi > el ; lem > el ; lu > el ; ca > ec iec ; cowi > ec iec ; cem > ec iec
    cu > ec iec ; iowi > .
    ra > er or ar ir ; rowi > er ar ; rem > er ar ; ru > er ar ; re > ar er ; te > et
    nia > ien ; niowi > ien ; niem > ien ; niu > ien ; na > en . ; nem > en . ; nowi > en .
    ta > et ; tem > et
    sia > s es ; zia > z ; owie > . ; ow > . a i ; owo > . ; scy > ski ; scia > sc ; sciu > sc
    va > v ; vi > v va ; ovata > ova ; in > a ia ; ina > in a ; iat > i ; ta > . ; ski > ska
    ska > ski
    kim > ki ; kiego > ki ; kiemu > ki ; kiei > ka ; kich > ki ; kimi > ki
    ami > a ; ach > a . ; s > . ; es > . ; ens > . ; n > . ; ns > . ; ng > . ; g > .
    iom > ia ; ii > ia ; owa > a ; owna > a
    """.replace("\n", ";").split(";")
    if line.strip()
    for said, _, nominatives in [line.strip().partition(" > ")]
    for known in nominatives.replace(".", "").split(" ")
)

# Names that are words too, or look like one: in lower case only beside another name.
ALSO_WORDS = frozenset(
    """
    rose mark will mai grace ioi hope faith bill grant rich frank ioung king long brown white green
    black grai bell price rice stone wood field hill lake bush fox wolf bird cook baker smith carter
    mason hunter iames ian april iune august dawn eve iasmin lili dais iris ivi violet ruby amber
    pearl chance chase drew pat rob sue art ace dean earl guy iack iohn max mel miles nick pierce
    rai
    ross skip tab van victor wade wai chip olive penni sandi sunni misti summer autumn harmoni
    iustice iuan love best good small little short strong moore rush marsh park parks rivers banks
    brooks west north east south street sharp swift early case cash cross day days do done east fair
    field fields fine flowers ford french frost gold golden hall hand hands hard home house howe
    iung
    kei knight land lane law major march may mill mills moon more moss noble page pain poor pope
    post
    power powers prince read reed reads root sales savage scott shore silver simple singer speed
    spring still sweet tanner tate temple thing town train true tucker turner waller wall walls ward
    waters watts weeks wells wise worth
    klein gross kurz lang koch kaiser konig wolf vogel fuchs hahn baum busch berg stein bach feld
    wald winter sommer herbst schon lieb lustig ernst jung alt neu weiss schwarz rot braun grun blau
    richter muller bauer becker kramer weber schneider fischer jager schmied zimmer schuster frei
    gut sauer stark bose mai ende haus teich horn sturm engel lange kirsch linde herz kraft sturm
    roza wilk zaiac kot gora lis mazur wrona krol kwiatek kowal pawlak maik dudek iasna sikora baran
    duda kruk sowa gil zima lato mucha marka marki marek nowak wrobel kania zieba ianosik iana dobra
    mila kozak kura pilot malin malina kalina iagoda lilia gaia ola alia wanda ada
    nadezhda viara liubov roza bozhidar ognian zora zornitsa iasen kamen rumen slava mir mira rada
    stefka malina kalina tsveta tsvetan iagoda snezhana vesela veselin plamen biser bisera svetla
    bilo dani boika vela
    ligaia luz bituin dalisai reies santos cruz bata mahal dakila araw ulan bagong anak ama ina
    ganda
    rosas flores ramos del mar sol esperanza paz fe caridad gloria dela salud
    """.split()  # noqa: SIM905
)

# Parts of names that name nobody.
PARTICLES = frozenset(
    """
    de la las los del dela da do dos das van von der den zu zum ten ter le el al bin ibn di san
    st ss
    mr mrs ms miss dr prof ing mgr pan pani panie herr frau gospodin gospozha the and und i oraz e
    ir sr iunior senior inc ltd gmbh ad ood eood phd md dds dvm mba dipl
    """.split()  # noqa: SIM905
)

# What stands before a number, in the languages that are measured, and then some.
PHONE_WORDS = (
    r"phone|call|mobile|cell|tel|telephone|text|whatsapp|viber|reach|dial|ring|landline|fax|sms|"
    r"tel\w*|kom[oó]rk\w*|zadzwo\w*|dzwoni\w*|numer\w* telefonu|oddzwo\w*|"
    r"тел\w*|обад\w*|звънн?\w*|мобил\w*|gsm|джиесем|"
    r"ruf\w*|anruf\w*|handy\w*|mobil\w*|festnetz\w*|erreich\w*|zurückruf\w*|r[üu]ckruf\w*|"
    r"\w*tawag\w*|tumawag|itext|cellphone|telepono|"
    r"appel\w*|portable|t[eé]l[eé]\w*|llam\w*|m[oó]vil|chiam\w*|cellulare|telem[oó]vel|lig\w*"
)
REFERENCE_WORDS = (
    r"order|orders|ticket|invoice|booking|case|ref|reference|tracking|parcel|shipment|serial|sku|"
    r"article|item|transaction|confirmation|receipt|reservation|isbn|ean|model|version|"
    r"zam[oó]wieni\w*|zgłoszeni\w*|zgloszeni\w*|faktur\w*|paczk\w*|przesyłk\w*|bilet\w*|rezerwacj\w*|"
    r"поръчк\w*|фактур\w*|билет\w*|пратк\w*|заявк\w*|резервац\w*|сметк\w*|"
    r"bestell\w*|auftrag\w*|rechnung\w*|sendung\w*|paket\w*|vorgang\w*|buchung\w*|artikel\w*|"
    r"resibo|numero ng order|reservasyon|"
    r"commande|facture|colis|pedido|factura|ordine|fattura|encomenda|fatura"
)
NATIONAL_WORDS = (
    r"pesel|egn|егн|ssn|social security(?: number| no)?|steuer-?id\w*|idnr|steuernummer|"
    r"steueridentifikationsnummer|sozialversicherungsnummer|rentenversicherungsnummer|rvnr|"
    r"tin|sss|gsis|philsys|philhealth|pag-?ibig|umid|national id|passport(?: number)?|"
    r"paszport\w*|"
    r"dow[oó]d\w*(?: osobist\w*)?|nip|лнч|лична карта|паспорт\w*|personalausweis\w*|ausweisnummer|"
    r"reisepass\w*|id card|national insurance|nino|dni|nif|codice fiscale"
)
BORN_WORDS = (
    r"born|birth|birthday|dob|urodz\w*|ur\.|data urodzenia|роден\w*|рожден\w*|geboren|geb\.|"
    r"geburt\w*|ipinanganak|kaarawan|kapanganakan|naissance|nacimiento|nascita|nascimento"
)
MONTHS = (
    "jan styc stycz януари qan gen ene enero janv janeiro enero", "feb lut февруари peb févr fev",
    "mar marz март märz mär mars", "apr kwie април abr avr", "may maj мај май mai mayo mag maio",
    "jun czer юни hun juin giu", "jul lip юли hul juil lug", "aug sie август ago août agosto",
    "sep wrz септември set", "oct paź paz октомври okt out ott", "nov lis ноември nob",
    "dec gru декември dez dis dic déc",
)  # fmt: skip
# Those at which "name at provider.com" is an address and not a remark.
PROVIDERS = (
    r"gmail|googlemail|yahoo|ymail|outlook|hotmail|live|msn|icloud|me|proton|protonmail|aol|gmx|web|"
    r"t-online|freenet|posteo|wp|o2|onet|interia|poczta|op|gazeta|abv|mail|dir"
)
