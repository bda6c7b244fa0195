"""Names, places and spellings that people in the sandbox are made of; all invented or common."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Place:
    """A city with the language, time zone, currency and phone prefix of those who live there."""

    city: str
    country: str
    language: str
    time_zone: str
    phone_prefix: str
    currency: str
    weight: float


PLACES = (
    Place("London", "GB", "en", "Europe/London", "+44740", "GBP", 11),
    Place("Leeds", "GB", "en", "Europe/London", "+44740", "GBP", 7),
    Place("Dublin", "IE", "en", "Europe/Dublin", "+35385", "EUR", 4),
    Place("New York", "US", "en", "America/New_York", "+1212", "USD", 5),
    Place("Chicago", "US", "en", "America/Chicago", "+1312", "USD", 3),
    Place("Los Angeles", "US", "en", "America/Los_Angeles", "+1213", "USD", 2),
    Place("Berlin", "DE", "de", "Europe/Berlin", "+491512", "EUR", 9),
    Place("München", "DE", "de", "Europe/Berlin", "+491512", "EUR", 7),
    Place("Wien", "AT", "de", "Europe/Vienna", "+43664", "EUR", 4),
    Place("Zürich", "CH", "de", "Europe/Zurich", "+4179", "CHF", 3),
    Place("Paris", "FR", "fr", "Europe/Paris", "+3363", "EUR", 6),
    Place("Lyon", "FR", "fr", "Europe/Paris", "+3363", "EUR", 4),
    Place("Montréal", "CA", "fr", "America/Toronto", "+1514", "CAD", 2),
    Place("Madrid", "ES", "es", "Europe/Madrid", "+3461", "EUR", 5),
    Place("Sevilla", "ES", "es", "Europe/Madrid", "+3461", "EUR", 3),
    Place("Kraków", "PL", "pl", "Europe/Warsaw", "+4850", "PLN", 5),
    Place("Łódź", "PL", "pl", "Europe/Warsaw", "+4850", "PLN", 4),
    Place("София", "BG", "bg", "Europe/Sofia", "+35988", "BGN", 4),
    Place("Пловдив", "BG", "bg", "Europe/Sofia", "+35988", "BGN", 3),
    Place("Milano", "IT", "it", "Europe/Rome", "+39347", "EUR", 5),
    Place("Porto", "PT", "pt", "Europe/Lisbon", "+35191", "EUR", 4),
)

FEMALE_NAMES = {
    "en": "Olivia Amelia Isla Ava Mia Grace Freya Florence Ella Alice Emily Sophie Ruby Daisy"
    " Phoebe Harriet Joan Margaret Susan Karen Linda Helen Rachel Zoë Chloé Imogen Abigail"
    " Nora Hazel Edith Beatrice Charlotte Lucy Hannah Martha Rosalind Siobhán Aoife Niamh"
    " Gwen",
    "de": "Anna Jördis Käthe Sabine Monika Ursula Heike Jana Lena Franziska Birgit Änne Johanna"
    " Silke Martina Greta Frieda Mathilda Ronja Antje Karin Elke Gisela Svenja Friederike"
    " Lotte",
    "fr": "Camille Chloé Léa Manon Inès Élodie Aurélie Françoise Hélène Margaux Océane Amélie"
    " Noémie Solène Agnès Brigitte Mireille Zoé Anaïs Clémence",
    "es": "María Lucía Begoña Inés Sofía Carmen Pilar Ángela Nuria Rocío Belén Mónica"
    " Concepción Elena Marisol Itziar Yolanda Noelia",
    "pl": "Agnieszka Małgorzata Katarzyna Zofia Grażyna Ewa Łucja Bożena Danuta Kinga Elżbieta"
    " Urszula Żaneta Weronika Joanna",
    "bg": "Мария Иванка Десислава Гергана Радка Йорданка Цветелина Елена Снежана Петя Виолета"
    " Теодора",
    "it": "Giulia Chiara Francesca Martina Alessia Desirée Federica Ginevra Beatrice Noemi"
    " Elisa Ilaria Matilde",
    "pt": "Inês Mafalda Conceição Beatriz Leonor Graça Matilde Joana Madalena Catarina Teresa",
}

MALE_NAMES = {
    "en": "Oliver George Noah Arthur Harry Leo Jack Charlie Oscar Jacob Henry Thomas Freddie"
    " Alfie Theodore William James Alexander Edward Isaac Samuel Daniel Finley Seán Rory"
    " Eoin Malcolm Angus Graham Keith Trevor Nigel Ian Colin Dominic Rupert Elliot Toby"
    " Marcus Neville",
    "de": "Jürgen Björn Günther Lukas Jonas Felix Maximilian Paul Jörg Matthias Sören Moritz"
    " Uwe Holger Detlef Karl Heinz Rüdiger Stefan Klaus Dieter Wolfgang Fabian Tobias Kai"
    " Götz",
    "fr": "Gaël François Jérôme Rémi Étienne Benoît Loïc Théo Mathis Raphaël Cédric Gérard Hugo"
    " Léon Sébastien Aurélien Noël Pascal Thierry Yann",
    "es": "José Ángel Íñigo Álvaro Sergio Martín Joaquín Raúl Óscar Iván Adrián Rubén Tomás"
    " Andrés Gonzalo Jesús Hugo Nicolás",
    "pl": "Paweł Łukasz Michał Stanisław Krzysztof Jakub Wojciech Grzegorz Zbigniew Rafał"
    " Bartłomiej Kazimierz Mateusz Sławomir Tomasz",
    "bg": "Иван Георги Димитър Николай Петър Стоян Христо Борис Цветан Калоян Йордан Любомир",
    "it": "Niccolò Lorenzo Matteo Leonardo Andrea Davide Giosuè Riccardo Federico Pietro"
    " Edoardo Tommaso Simone",
    "pt": "João Tomás Duarte Gonçalo Simão Rui Afonso Martim Sebastião Vasco Tiago",
}

LAST_NAMES = {
    "en": "Ashworth Barker Bell Bennett Brooks Carter Clarke Cooper Dawson Doyle Ellis Fletcher"
    " Foster Gallagher Gibson Graham Griffiths Hale Harper Hayes Holloway Hughes Hunt"
    " Ingram Jarvis Kemp Kerr Lambert Lawson Lloyd Marsh Mercer Miles Morgan Nash Newton"
    " Norris O'Brien O'Connor Osborne Page Parsons Pearce Perry Pike Porter Quinn"
    " Radcliffe Reeves Rhodes Riley Rowe Sharp Shaw Sinclair Skinner Slater Stevens Stokes"
    " Swift Tate Thorne Tucker Vaughan Wade Walsh Warren Watts Webb Whitaker Wilde Winter"
    " Woods Wyatt Yates Brontë MacLeod Fitzgerald Abbott Chandler",
    "de": "Müller Schäfer Krüger Böhm Jäger Köhler Weiß Groß Schröder Lange Vogel Hartmann"
    " Lindner Keller Brandt Pohl Sommer Ziegler Voß Engel Kühn Bergmann Dietrich Fröhlich"
    " Gärtner Heß Kämpfer Löwe Naumann Pfeiffer Seidel Thoma Übel Wendt Öztürk Baumgärtner"
    " Zöllner Strauß Riedl",
    "fr": "Lefèvre Gérard Noël Béranger Dubois Moreau Girard Rousseau Fontaine Mercier"
    " Delacroix Chevalier Fabre Renaud Guérin Lemaître Péron Étienne Besançon Coulombe"
    " Tremblay Gagné Hébert Lévesque",
    "es": "Núñez Peña Ibáñez Muñoz Gutiérrez Domínguez Vázquez Serrano Castaño Marín Zúñiga"
    " Herrera Cortés León Quiroga Echeverría Sáez Márquez Beltrán Otero",
    "pl": "Kowalski Wiśniewski Zieliński Szymański Dąbrowski Kozłowski Jankowski Łukaszewicz"
    " Wójcik Woźniak Krawczyk Piątek Żak Gołębiewski Sikorski Mróz Grabowski Czarnecki"
    " Śliwa Nowicki",
    "bg": "Иванов Петров Димитров Стоянов Ангелов Тодоров Колев Маринов Христов Желязков Цанков"
    " Йорданов Щерев Божилов Русев",
    "it": "Ferrari Esposito Colombo Fontana Barbieri Rinaldi Galli Pellegrini Marchetti"
    " Lombardi D'Angelo Caruso Vitale Sartori Nicolò Bassanì Moretti",
    "pt": "Gonçalves Magalhães Araújo Conceição Teixeira Simões Antunes Brandão Guimarães"
    " Falcão Galvão Leitão Assunção Pimentel",
}

MAIL_HOSTS = ("mail.example", "post.example", "inbox.example", "webmail.example", "correo.example")
ORGANISATION_ENDINGS = {
    "en": "Sports Ltd|Outfitters|Trading|Media Group|& Sons",
    "de": "Sport GmbH|Handels AG|Medien GmbH|Werkstätten",
    "fr": "Équipement SARL|Distribution|Médias|Frères",
    "es": "Deportes S.L.|Distribución|Comunicación",
    "pl": "Sport Sp. z o.o.|Handel|Media",
    "bg": "Спорт ЕООД|Трейд|Медия",
    "it": "Sport S.r.l.|Distribuzione|Editoria",
    "pt": "Desporto Lda|Comércio|Média",
}

_LATIN = "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya"
_CYRILLIC = dict(zip("абвгдежзийклмнопрстуфхцчшщъьюя", _LATIN.split(), strict=True))
_FOLDED = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "'": "", "’": "", "-": "", " ": "", **_CYRILLIC}
)


def folded(text: str) -> str:
    """Return a name as it would be typed on a keyboard without accents, lower case, no spaces."""
    plain = text.lower().translate(_FOLDED)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isascii() and c.isalnum())


def each_folded(texts: np.ndarray) -> np.ndarray:
    """Return every text folded; each distinct one is worked out once."""
    known = {text: folded(text) for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=object)


def last_name_of(name: str, language: str, is_female: bool) -> str:
    """Return the form of a last name that a woman or a man bears in this language."""
    if not is_female:
        return name
    if language == "bg":
        return name + "а"
    if language == "pl" and name.endswith(("ski", "cki")):
        return name[:-1] + "a"
    return name
